import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createContract, type Exchange } from './contract.js';
import { startRecorder } from './recorder.js';

const json = { 'content-type': 'application/json' };
const exchange = (method: string, url: string, rest: Partial<Exchange> = {}): Exchange => ({
  method,
  url,
  requestHeaders: {},
  requestBody: '',
  status: 200,
  responseHeaders: json,
  responseBody: '{}',
  ...rest,
});
const sending = (body: unknown, headers: Exchange['requestHeaders'] = json): Partial<Exchange> => ({
  requestHeaders: headers,
  requestBody: typeof body === 'string' ? body : JSON.stringify(body),
});
const answering = (
  status: number,
  body: unknown,
  type: string | undefined = 'application/json',
): Partial<Exchange> => ({
  status,
  responseHeaders: { 'Content-Type': type },
  responseBody: typeof body === 'string' ? body : JSON.stringify(body),
});

const contracts = { aws: createContract('aws-backup'), cohesity: createContract('cohesity') };
const v1 = '/irisservices/api/v1/public';
const v2 = '/v2/data-protect';
const plan = { replicationClusterId: 1, objects: [{ objectId: 2 }], protectionGroupId: '1:2:3' };
const point = '/backup-vaults/vault-1/recovery-points';

type Vendor = keyof typeof contracts;
const named: [vendor: Vendor, method: string, url: string, operation: string | undefined][] = [
  ['aws', 'GET', '/copy-jobs/0175DE71-5784-589F-D8AC-541ACCB4CAC8', 'DescribeCopyJob'],
  ['aws', 'GET', '/copy-jobs?state=RUNNING', 'ListCopyJobs'],
  ['aws', 'GET', '/copy-jobs/', 'ListCopyJobs'],
  ['aws', 'PUT', '/copy-jobs', 'StartCopyJob'],
  ['aws', 'PUT', '/copy-jobs/', undefined],
  ['aws', 'GET', '/backup/plans/aws%2Fefs%2F1/', 'GetBackupPlan'],
  ['aws', 'GET', '/backup/plans/aws/efs/1', undefined],
  ['aws', 'GET', `${point}/arn%3Aaws%3Aec2%3A%3A%3Aimage%2Fami-1`, 'DescribeRecoveryPoint'],
  ['aws', 'DELETE', '/copy-jobs/1', undefined],
  ['aws', 'GET', '/copy-job', undefined],
  ['cohesity', 'GET', `${v1}/protectionRuns`, 'getProtectionRuns'],
  ['cohesity', 'GET', `${v1}/protectionRuns/`, undefined],
  ['cohesity', 'POST', `${v1}/protectionRuns/cancel/7`, 'cancelProtectionJobRun'],
  ['cohesity', 'GET', `${v2}/failover/planned-runs?failoverIds=a`, 'pollPlannedRuns'],
  ['cohesity', 'GET', `${v2}/failover/pollPlannedRuns?failoverIds=a`, 'pollPlannedRuns'],
  ['cohesity', 'POST', `${v2}/failover/planned-runs`, undefined],
  ['cohesity', 'POST', `${v2}/failover/key-1`, 'initFailover'],
  ['cohesity', 'POST', `${v2}/failover/key-1/planned-run`, 'createPlannedRun'],
  ['cohesity', 'POST', `${v2}/failover/key-1/plannedRun`, 'createPlannedRun'],
  ['cohesity', 'POST', `${v2}/protection-groups/1:2:3/runs/actions`, 'performActionOnProtectionGroupRun'],
  ['cohesity', 'GET', `${v2}/protection-groups/1:2:3/runs/3%3A17`, 'getProtectionGroupRun'],
  ['cohesity', 'PUT', `${v2}/protection-groups/1:2:3/runs`, 'updateProtectionGroupRun'],
  ['cohesity', 'POST', `${v2}/protection-groups/states`, 'updateProtectionGroupsState'],
  ['cohesity', 'GET', `${v2}/runs/3%3A17/progress`, 'getProtectionRunProgress'],
  ['cohesity', 'POST', `${v2}/failover/key-1/object-linkage`, 'objectLinkage'],
  ['cohesity', 'GET', `${v2}/failover/views/7/operations`, 'getFailoverOps'],
  ['cohesity', 'GET', `${v2}/failover/views/trackingViewId/7`, 'getTrackingViewId'],
];

describe('the operation of a request', () => {
  it.each(named)('%s %s %s is %s', (vendor, method, url, operation) => {
    expect(contracts[vendor].operationOf(exchange(method, url))).toBe(operation);
  });
});

const goodRequests: [vendor: Vendor, exchange: Exchange][] = [
  ['aws', exchange('GET', '/copy-jobs?maxResults=1000&state=RUNNING&createdAfter=2018-01-26T00%3A11%3A30.087Z')],
  ['aws', exchange('GET', '/copy-jobs?accountId=123456789012', { requestHeaders: { 'x-amz-date': 'x' } })],
  ['aws', exchange('GET', '/backup-vaults?shared=true')],
  ['aws', exchange('GET', '/copy-jobs?resourceType=SAP%20HANA+on+EC2')],
  [
    'cohesity',
    exchange('GET', `${v1}/protectionRuns?jobId=9223372036854775807&runTypes=kRegular,kFull&excludeTasks=false`),
  ],
  ['cohesity', exchange('GET', `${v1}/protectionJobs?ids=1%2C2,3`)],
  ['cohesity', exchange('GET', `${v1}/cluster`, { requestHeaders: { accessclusterid: '8621173906188849' } })],
  ['cohesity', exchange('POST', `${v2}/failover/k/planned-run`, sending(plan))],
  [
    'cohesity',
    exchange(
      'POST',
      `${v2}/failover/k/planned-run`,
      sending(plan, { 'Content-Type': 'application/json; charset=utf-8' }),
    ),
  ],
  [
    'cohesity',
    exchange(
      'POST',
      `${v2}/failover/k/planned-run`,
      sending('{"replicationClusterId":9007199254740993,"objects":null}'),
    ),
  ],
  ['cohesity', exchange('POST', `${v1}/protectionRuns/cancel/7`)],
  ['cohesity', exchange('POST', `${v2}/failover/k/cancel`)],
];
const badRequests: [problem: string, vendor: Vendor, exchange: Exchange][] = [
  ['path /nowhere is not described', 'aws', exchange('GET', '/nowhere?state=RUNNING')],
  ['method POST of /copy-jobs is not described', 'aws', exchange('POST', '/copy-jobs')],
  ['query parameter byState is not described', 'aws', exchange('GET', '/copy-jobs?byState=RUNNING')],
  ['query parameter State is not described', 'aws', exchange('GET', '/copy-jobs?State=RUNNING')],
  ['query parameter state is there twice', 'aws', exchange('GET', '/copy-jobs?state=RUNNING&state=FAILED')],
  ['query parameter state must be equal to one of', 'aws', exchange('GET', '/copy-jobs?state=ABORTED')],
  ['query parameter maxResults must be integer', 'aws', exchange('GET', '/copy-jobs?maxResults=ten')],
  ['query parameter maxResults must be integer', 'aws', exchange('GET', '/copy-jobs?maxResults=')],
  ['query parameter maxResults must be <= 1000', 'aws', exchange('GET', '/copy-jobs?maxResults=1001')],
  ['query parameter accountId must match pattern', 'aws', exchange('GET', '/copy-jobs?accountId=12')],
  ['query parameter createdAfter must match format', 'aws', exchange('GET', '/copy-jobs?createdAfter=1516925490')],
  ['query parameter nextToken is not percent-encoded', 'aws', exchange('GET', '/copy-jobs?nextToken=%E0%A4')],
  ['query parameter shared must be boolean', 'aws', exchange('GET', '/backup-vaults?shared=1')],
  ['path parameter backupVaultName must match pattern', 'aws', exchange('GET', '/backup-vaults/aws%2Fefs%2Fautomatic')],
  ['path parameter copyJobId is a step in the path', 'aws', exchange('GET', '/copy-jobs/..')],
  ['path parameter copyJobId is not percent-encoded', 'aws', exchange('GET', '/copy-jobs/%zz')],
  ['path parameter id must be integer', 'cohesity', exchange('POST', `${v1}/protectionRuns/cancel/1:2:3`)],
  ['path parameter id must match pattern', 'cohesity', exchange('GET', `${v2}/protection-groups/7/runs/7:1`)],
  [
    'query parameter runTypes/1 must be equal to one of',
    'cohesity',
    exchange('GET', `${v1}/protectionRuns?runTypes=kFull,kNew`),
  ],
  [
    'query parameter runTypes is there twice',
    'cohesity',
    exchange('GET', `${v1}/protectionRuns?runTypes=kFull&runTypes=kLog`),
  ],
  ['query parameter ids/1 must be integer', 'cohesity', exchange('GET', `${v1}/protectionJobs?ids=1,x`)],
  ['query parameter names has an empty item', 'cohesity', exchange('GET', `${v1}/protectionJobs?names=a,,b`)],
  ['query parameter failoverIds is missing', 'cohesity', exchange('GET', `${v2}/failover/planned-runs`)],
  [
    'header accessClusterId must be integer',
    'cohesity',
    exchange('GET', `${v1}/cluster`, { requestHeaders: { accessClusterId: 'east' } }),
  ],
  ['request body is unexpected', 'aws', exchange('GET', '/copy-jobs', sending({}))],
  ['request body is missing', 'cohesity', exchange('POST', `${v2}/failover/k/planned-run`)],
  ['request body is not JSON', 'cohesity', exchange('POST', `${v2}/failover/k/planned-run`, sending('{'))],
  [
    'request body has the content type (none) instead of application/json',
    'cohesity',
    exchange('POST', `${v2}/failover/k/planned-run`, sending(plan, {})),
  ],
  [
    "request body must have required property 'objects'",
    'cohesity',
    exchange('POST', `${v2}/failover/k/planned-run`, sending({ replicationClusterId: 1 })),
  ],
  [
    'request body/objects/0/objectId must be integer',
    'cohesity',
    exchange('POST', `${v2}/failover/k/planned-run`, sending({ ...plan, objects: [{ objectId: '2' }] })),
  ],
  [
    'request body must NOT have additional properties {"additionalProperty":"idempotencyKey"}',
    'cohesity',
    exchange('POST', `${v2}/failover/k/planned-run`, sending({ ...plan, idempotencyKey: 'k' })),
  ],
  [
    'request body/replicationClusterId must match format',
    'cohesity',
    exchange('POST', `${v2}/failover/k/planned-run`, sending('{"replicationClusterId":1e20,"objects":null}')),
  ],
];

describe('a request', () => {
  it.each(goodRequests.map(([vendor, good]) => ({ vendor, good, ...good })))(
    'passes: $vendor $method $url',
    ({ vendor, good }) => {
      expect(contracts[vendor].checkRequest(good)).toEqual([]);
    },
  );
  it.each(badRequests)('fails: %s', (problem, vendor, bad) => {
    expect(contracts[vendor].checkRequest(bad).join('\n')).toContain(problem);
    expect(contracts[vendor].checkRequest(bad)).toHaveLength(1);
  });
});

const job = { CopyJobId: 'j', State: 'RUNNING', CreationDate: 1516925490.087, ChildJobsInState: { RUNNING: 1 } };
const huge = '{"CopyJobs":[{"BackupSizeInBytes":9007199254740993}]}';
const run = {
  jobId: 1,
  copyRun: [{ status: 'kNeverSeen', taskUid: { id: 1, clusterId: 2, clusterIncarnationId: 3 } }],
};
const goodAnswers: [vendor: Vendor, exchange: Exchange][] = [
  ['aws', exchange('GET', '/copy-jobs/j', answering(200, { CopyJob: job }))],
  ['aws', exchange('GET', '/copy-jobs/', answering(200, huge))],
  [
    'aws',
    exchange(
      'GET',
      '/copy-jobs',
      answering(200, { CopyJobs: [{ ...job, NewMember: 1 }] }, 'application/json; charset=utf-8'),
    ),
  ],
  ['aws', exchange('GET', '/copy-jobs/j', answering(400, { __type: 'ResourceNotFoundException', message: 'x' }))],
  ['aws', exchange('GET', '/copy-jobs/j', answering(503, { Message: 'x' }))],
  ['aws', exchange('GET', '/copy-jobs/j', { status: 0, responseHeaders: {}, responseBody: '' })],
  ['aws', exchange('GET', `${point}/arn`, answering(200, { StorageClass: 'WARM', Status: 'COMPLETED' }))],
  ['cohesity', exchange('GET', `${v1}/protectionRuns`, answering(200, [run]))],
  ['cohesity', exchange('GET', `${v1}/protectionRuns`, answering(500, { errorCode: 'KInternalError', message: 'x' }))],
  [
    'cohesity',
    exchange('POST', `${v1}/protectionRuns/cancel/7`, { status: 204, responseHeaders: {}, responseBody: '' }),
  ],
  ['cohesity', exchange('POST', `${v2}/failover/k/cancel`, { status: 201, responseHeaders: {}, responseBody: '' })],
  ['cohesity', exchange('POST', `${v1}/accessTokens`, answering(201, { accessToken: 't', tokenType: 'Bearer' }))],
];
const badAnswers: [problem: string, vendor: Vendor, exchange: Exchange][] = [
  ['path /nowhere is not described', 'aws', exchange('GET', '/nowhere')],
  ['status 404 of DescribeCopyJob is not described', 'aws', exchange('GET', '/copy-jobs/j', answering(404, {}))],
  [
    'response 200 body has the content type text/html instead of application/json',
    'aws',
    exchange('GET', '/copy-jobs', answering(200, '<p>', 'text/html')),
  ],
  ['response 200 body is not JSON', 'aws', exchange('GET', '/copy-jobs', answering(200, '{"CopyJobs":['))],
  ['response 200 body is missing', 'aws', exchange('GET', '/copy-jobs', answering(200, ''))],
  [
    'response 200 body/CopyJob/State must be equal to one of',
    'aws',
    exchange('GET', '/copy-jobs/j', answering(200, { CopyJob: { ...job, State: 'DONE' } })),
  ],
  [
    'response 200 body/CopyJob/CreationDate must be number',
    'aws',
    exchange('GET', '/copy-jobs/j', answering(200, { CopyJob: { ...job, CreationDate: '2018-01-26T00:11:30Z' } })),
  ],
  [
    'response 200 body/CopyJobs/0/BackupSizeInBytes must be integer',
    'aws',
    exchange('GET', '/copy-jobs', answering(200, { CopyJobs: [{ BackupSizeInBytes: 1.5 }] })),
  ],
  [
    'response 200 body/CopyJob/ChildJobsInState/RUNNING must be integer',
    'aws',
    exchange('GET', '/copy-jobs/j', answering(200, { CopyJob: { ChildJobsInState: { RUNNING: '1' } } })),
  ],
  [
    'response 200 body/StorageClass must be equal to one of',
    'aws',
    exchange('GET', `${point}/arn`, answering(200, { StorageClass: 'HOT' })),
  ],
  [
    'response 200 body/Status must be equal to one of',
    'aws',
    exchange('GET', `${point}/arn`, answering(200, { Status: 'HOT' })),
  ],
  ['response 400 body/message must be string', 'aws', exchange('GET', '/copy-jobs/j', answering(400, { message: 1 }))],
  ['response 200 body must be array', 'cohesity', exchange('GET', `${v1}/protectionRuns`, answering(200, {}))],
  [
    'response 200 body/0/copyRun/0/taskUid/id must be integer',
    'cohesity',
    exchange('GET', `${v1}/protectionRuns`, answering(200, [{ copyRun: [{ taskUid: { id: '1' } }] }])),
  ],
  [
    'response 429 body/message must be string',
    'cohesity',
    exchange('GET', `${v1}/cluster`, answering(429, { message: 1 })),
  ],
  [
    'response 204 body is unexpected',
    'cohesity',
    exchange('POST', `${v1}/protectionRuns/cancel/7`, answering(204, {})),
  ],
];

describe('an answer', () => {
  it.each(goodAnswers.map(([vendor, good]) => ({ vendor, good, ...good })))(
    'passes: $vendor $method $url $status',
    ({ vendor, good }) => {
      expect(contracts[vendor].checkResponse(good)).toEqual([]);
    },
  );
  it.each(badAnswers)('fails: %s', (problem, vendor, bad) => {
    expect(contracts[vendor].checkResponse(bad).join('\n')).toContain(problem);
  });
});

describe('the recorder', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  /** A recorder before a server that reports its requests; `/cut` breaks off its answer, `/drop` gives none. */
  const start = async () => {
    const seen: { rawHeaders: string[]; body: string }[] = [];
    const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
      let body = '';
      for await (const chunk of incoming) body += String(chunk);
      seen.push({ rawHeaders: incoming.rawHeaders, body });
      if (incoming.url === '/drop') incoming.socket.destroy();
      else if (incoming.url === '/cut') {
        outgoing.writeHead(200, { ...json, 'content-length': '100' });
        outgoing.write('{"a":', () => outgoing.destroy());
      } else {
        outgoing.writeHead(201, 'Made', { ...json, 'X-Amzn-RequestId': 'r1' });
        outgoing.write('{"url":');
        outgoing.end(`${JSON.stringify(incoming.url)}}`);
      }
    };
    const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const recorder = await startRecorder(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    closers.push(recorder.close, () => new Promise((resolve) => server.close(() => resolve())));
    return { recorder, seen };
  };

  it('passes path, headers, Host and bodies on unchanged and records both sides', async () => {
    const { recorder, seen } = await start();
    const url = '/a%2Fb/../c?x=%2C,&y=+';
    const sent = [
      'Host',
      'backup.us-east-1.amazonaws.com',
      'X-Amz-Date',
      'd',
      'Content-Type',
      'application/json',
      'Content-Length',
      '9',
    ];
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { port } = new URL(recorder.url);
      request({ port, host: '127.0.0.1', path: url, method: 'PUT', headers: sent, agent: false }, resolve)
        .on('error', reject)
        .end('{"ä":1}x');
    });
    let body = '';
    for await (const chunk of answer) body += String(chunk);
    expect([answer.statusCode, answer.statusMessage, answer.headers['x-amzn-requestid'], body]).toEqual([
      201,
      'Made',
      'r1',
      JSON.stringify({ url }),
    ]);
    expect(seen[0]?.rawHeaders.slice(0, sent.length)).toEqual(sent);
    expect(seen[0]?.body).toBe('{"ä":1}x');
    expect(recorder.exchanges).toEqual([
      {
        method: 'PUT',
        url,
        requestHeaders: expect.objectContaining({
          host: 'backup.us-east-1.amazonaws.com',
          'x-amz-date': 'd',
        }) as unknown,
        requestBody: '{"ä":1}x',
        status: 201,
        responseHeaders: expect.objectContaining({ 'content-type': 'application/json' }) as unknown,
        responseBody: JSON.stringify({ url }),
      },
    ]);
  });

  it('passes a body without length on, and answers many at once', async () => {
    const { recorder, seen } = await start();
    const stream = () => new Blob(['chunk']).stream();
    const init = () => ({ method: 'POST', body: stream(), duplex: 'half' as const });
    const answers = await Promise.all([1, 2, 3].map((n) => fetch(`${recorder.url}/${n}`, init())));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(seen.map(({ body }) => body)).toEqual(['chunk', 'chunk', 'chunk']);
    expect(recorder.exchanges.map(({ url }) => url).sort()).toEqual(['/1', '/2', '/3']);
  });

  it('breaks off where the target does', async () => {
    const { recorder } = await start();
    await expect(fetch(`${recorder.url}/drop`)).rejects.toThrow();
    const cut = await fetch(`${recorder.url}/cut`);
    await expect(cut.text()).rejects.toThrow();
    expect(recorder.exchanges).toMatchObject([
      { url: '/drop', status: 0 },
      { url: '/cut', status: 200, responseBody: '{"a":' },
    ]);
  });

  it('tells of a target that is not there by a broken connection', async () => {
    const recorder = await startRecorder('http://127.0.0.1:1');
    closers.push(recorder.close);
    await expect(fetch(recorder.url)).rejects.toThrow();
    expect(recorder.exchanges).toMatchObject([{ url: '/', status: 0 }]);
  });

  it('outlives a caller who hangs up', async () => {
    const { recorder } = await start();
    const socket = connect(Number(new URL(recorder.url).port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
    await new Promise<void>((resolve) => socket.once('close', () => resolve()).end(() => socket.destroy()));
    expect((await fetch(`${recorder.url}/next`)).status).toBe(201);
    expect(recorder.exchanges.map(({ url }) => url)).toEqual(['/next']);
  });
});
