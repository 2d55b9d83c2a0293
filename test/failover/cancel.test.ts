import { renameSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cohesitySandboxCredentials, startCohesitySandbox } from '../../src/sandbox/cohesity/server.js';
import type { Sandbox } from '../../src/sandbox/listen.js';
import {
  type FailoverOptions,
  KEY,
  type Plays,
  type Pressed,
  auditFile,
  gistOf,
  readFailover,
  startFailover,
} from '../support/failover.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { awsBackupAt, cohesityAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { apiKey } from '../support/keys.js';
import { closing } from '../support/products.js';
import { type Wire, beyond, cluster as uid, copyRunKey, runKey, start, wireCopyRun, wireRun } from '../support/wire.js';

/** The timeout of a request. The search for a lost answer gets a quarter of it. */
const quick = { requestTimeoutMs: 1500 };

const cancels = {
  cancelFailover: `mutation ($id: ID!) { cancelFailover(id: $id) {
    __typename
    ... on FailoverCancelRequested { failover { id state runId } }
    ... on UserError { message code path }
    ... on CancelRejected { errorCode }
  } }`,
  cancelCopyRun: `mutation ($id: ID!) { cancelCopyRun(id: $id) {
    __typename
    ... on CopyRunCancelRequested { copyRun { id state } }
    ... on UserError { message code path }
    ... on CancelRejected { errorCode }
  } }`,
} as const;

const failoverId = `Failover:dc-east:${KEY}`;
const copyRunId = `CopyRun:${copyRunKey}`;

type Action = keyof typeof cancels;

const cancel = async (gateway: Gateway, action: Action, id: string, headers = {}): Promise<Pressed> => {
  const { data, errors } = await gateway.execute(cancels[action], { id }, headers);
  return { result: data?.[action], errors };
};

const auditOf = (logs: readonly string[]) =>
  logs.map((line) => JSON.parse(line)).filter(({ channel }) => channel === 'audit');

/** A cluster with one failover and one copy under way, and its word for whether they were canceled. */
const startUnderWay = async (options: FailoverOptions = {}) => {
  const { cluster, gateway } = await startFailover(options);
  const copies: Wire[] = [wireCopyRun(501, { status: 'kRunning' })];
  cluster.listed.set(KEY, { failoverId: KEY, backupTaskStatus: 'Running' });
  cluster.held.runs = () => [wireRun({ copyRun: copies })];
  return { cluster, gateway, copies };
};
type UnderWay = Awaited<ReturnType<typeof startUnderWay>>;

interface Kind {
  readonly action: Action;
  readonly id: string;
  readonly path: string;
  /** The change that makes a read show that the cancel has been taken. */
  readonly take: (underWay: UnderWay) => void;
  readonly answer: (plays: Plays, handler: Plays['cancel']) => void;
  readonly accepted: Wire;
}

const kinds: readonly Kind[] = [
  {
    action: 'cancelFailover',
    id: failoverId,
    path: `/v2/data-protect/failover/${KEY}/cancel`,
    take: ({ cluster }) => cluster.listed.set(KEY, { failoverId: KEY, backupTaskStatus: 'Canceled' }),
    answer: (plays, handler) => (plays.cancel = handler),
    accepted: { __typename: 'FailoverCancelRequested', failover: { id: failoverId, state: 'CANCELED', runId: null } },
  },
  {
    action: 'cancelCopyRun',
    id: copyRunId,
    path: '/irisservices/api/v1/public/protectionRuns/cancel/7',
    take: ({ copies }) => copies.splice(0, 1, wireCopyRun(501, { status: 'kCanceling' })),
    answer: (plays, handler) => (plays.cancelCopy = handler),
    accepted: { __typename: 'CopyRunCancelRequested', copyRun: { id: copyRunId, state: 'CANCELING' } },
  },
];

describe.each(kinds)('$action', ({ action, id, path, take, answer, accepted }) => {
  it('asks the cluster once, and answers with what there is then', async () => {
    const underWay = await startUnderWay();
    const { cluster, gateway } = underWay;
    answer(cluster.plays, () => {
      take(underWay);
      return { status: action === 'cancelFailover' ? 201 : 204 };
    });
    expect(await cancel(gateway, action, id)).toEqual({ result: accepted, errors: [] });
    expect(cluster.cancels().map((one) => one.path)).toEqual([path]);
  });

  it('leaves alone what is canceled already', async () => {
    const underWay = await startUnderWay();
    take(underWay);
    expect(await cancel(underWay.gateway, action, id)).toEqual({ result: accepted, errors: [] });
    expect(underWay.cluster.cancels()).toEqual([]);
    expect(auditOf(underWay.gateway.logs)).toEqual([]);
  });

  it('asks once for ten at once', async () => {
    const underWay = await startUnderWay();
    const { cluster, gateway } = underWay;
    answer(cluster.plays, () => {
      take(underWay);
      return { status: 201 };
    });
    const all = await Promise.all(Array.from({ length: 10 }, () => cancel(gateway, action, id)));
    expect(all).toEqual(Array(10).fill({ result: accepted, errors: [] }));
    expect(cluster.cancels()).toHaveLength(1);
  });

  it('that the cluster refuses is data, with the vendor’s code and without its words', async () => {
    const { cluster, gateway } = await startUnderWay();
    answer(cluster.plays, () => ({ status: 400, body: { errorCode: 'KInvalidRequest', message: 'secret of admin' } }));
    const { result, errors } = await cancel(gateway, action, id);
    expect(errors).toEqual([]);
    expect(result).toEqual({
      __typename: 'CancelRejected',
      code: 'REJECTED_BY_CLUSTER',
      errorCode: 'KInvalidRequest',
      message: 'Upstream dc-east refused the cancel; nothing was canceled.',
      path: [],
    });
    expect(cluster.cancels()).toHaveLength(1);
  });

  const losses: readonly (readonly [string, Plays['cancel']])[] = [
    ['its connection', ({ drop }) => drop()],
    ['a 500', () => ({ status: 500, body: { errorCode: 'KInternalError', message: 'Timed out' } })],
    ['a proxy’s page', () => ({ status: 502, headers: { 'content-type': 'text/html' }, body: '<html></html>' })],
  ];
  it.each(losses)('whose answer is lost with %s is found where it was taken', async (_what, lose) => {
    const underWay = await startUnderWay({ limits: quick });
    const { cluster, gateway } = underWay;
    answer(cluster.plays, (one) => {
      take(underWay);
      return lose(one);
    });
    expect(await cancel(gateway, action, id)).toEqual({ result: accepted, errors: [] });
    expect(cluster.cancels()).toHaveLength(1);
    expect(auditOf(gateway.logs).at(-1)).toMatchObject({ phase: 'after', outcome: 'accepted' });
  });

  it('whose connection drops before it was taken cannot be told, and can be asked for again', async () => {
    const underWay = await startUnderWay({ limits: quick });
    const { cluster, gateway } = underWay;
    answer(cluster.plays, ({ drop }) => drop());
    const { result, errors } = await cancel(gateway, action, id);
    expect(errors).toEqual([]);
    expect(result).toEqual({
      __typename: 'CancelRejected',
      code: 'UNCONFIRMED',
      errorCode: null,
      message: expect.stringContaining('a second cancel does no harm'),
      path: [],
    });
    expect(cluster.cancels()).toHaveLength(1);
    expect(auditOf(gateway.logs).at(-1)).toMatchObject({ phase: 'after', outcome: 'unconfirmed' });

    answer(cluster.plays, () => {
      take(underWay);
      return { status: 201 };
    });
    expect((await cancel(gateway, action, id)).result).toEqual(accepted);
    expect(cluster.cancels()).toHaveLength(2);
  });

  it('is an error where the cluster is down before anything was sent', async () => {
    const { cluster, gateway } = await startUnderWay();
    cluster.plays.gate = () => ({ status: 400, body: { errorCode: 'KOdd', message: 'odd' } });
    const { result, errors } = await cancel(gateway, action, id);
    expect(result).toBeNull();
    expect(errors).toMatchObject([{ path: [action], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
    expect(cluster.cancels()).toEqual([]);
    expect(auditOf(gateway.logs)).toEqual([]);
  });

  it('is an error where nobody can log in any more, and says that nothing was sent', async () => {
    const auth = { username: 'admin', password: 'secret' };
    const { cluster, gateway } = await startUnderWay({ upstream: { auth } });
    cluster.plays.login = (nth) =>
      nth === 1
        ? { status: 201, body: { accessToken: 'one' } }
        : { status: 500, body: { errorCode: 'KInternalError' } };
    answer(cluster.plays, () => ({ status: 401, body: { errorCode: 'KUnauthorized', message: 'Token expired' } }));
    const { result, errors } = await cancel(gateway, action, id);
    expect(result).toBeNull();
    expect(errors).toMatchObject([{ path: [action], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    expect(auditOf(gateway.logs).at(-1)).toMatchObject({ phase: 'after', outcome: 'notSent' });
  });

  it('is written down before and after, with who and what', async () => {
    const { file, folder } = auditFile();
    const { cluster, gateway } = await startUnderWay({
      audit: { file },
      auth: { apiKeys: [apiKey('operator', ['copy:cancel', 'copy:read'])] },
    });
    let before: readonly unknown[] = [];
    answer(cluster.plays, () => {
      before = auditOf(gateway.logs);
      return { status: 201 };
    });
    await cancel(gateway, action, id, { 'x-api-key': 'operator' });
    const common = {
      action,
      principal: 'operator',
      upstream: 'dc-east',
      key: action === 'cancelFailover' ? KEY : copyRunId,
      bodyDigest: null,
      objectIds: [],
      attemptId: expect.any(String),
    };
    expect(before).toMatchObject([{ ...common, phase: 'before', outcome: null }]);
    const [first, second, ...more] = auditOf(gateway.logs);
    expect([second, more]).toMatchObject([{ ...common, phase: 'after', outcome: 'accepted' }, []]);
    expect(second.attemptId).toBe(first.attemptId);

    renameSync(folder, `${folder}-gone`);
    const { result } = await cancel(gateway, action, id, { 'x-api-key': 'operator' });
    renameSync(`${folder}-gone`, folder);
    expect(result).toMatchObject({ __typename: 'CancelRejected', code: 'AUDIT_UNAVAILABLE' });
    expect(cluster.cancels()).toHaveLength(1);
  });

  it.each(['nonsense', 'Upstream:dc-east', 'CopyJob:dc-east:x'])('takes no %s', async (bad) => {
    const { cluster, gateway } = await startUnderWay();
    const { result, errors } = await cancel(gateway, action, bad);
    expect(result).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'id' } }]);
    expect(cluster.seen).toEqual([]);
  });
});

describe('cancelFailover', () => {
  it('sends no body', async () => {
    const { cluster, gateway } = await startUnderWay();
    expect(gistOf(await cancel(gateway, 'cancelFailover', failoverId))).toMatch(/^FailoverCancelRequested/);
    expect(cluster.cancels()[0]?.body).toBe('');
    expect(cluster.cancels()[0]?.headers).not.toHaveProperty('content-type');
  });

  it('of one that has ended with its run is the cluster’s to judge', async () => {
    const { cluster, gateway } = await startUnderWay();
    cluster.listed.set(KEY, { failoverId: KEY, runId: `7:${start}`, backupTaskStatus: 'Succeeded' });
    cluster.held.runs = [wireRun()];
    cluster.plays.cancel = () => ({ status: 409, body: { errorCode: 'KNotCancelable', message: 'activated' } });
    const { result } = await cancel(gateway, 'cancelFailover', failoverId);
    expect(result).toMatchObject({ code: 'REJECTED_BY_CLUSTER', errorCode: 'KNotCancelable' });
  });

  it('of one whose run was canceled sends nothing', async () => {
    const { cluster, gateway } = await startUnderWay();
    cluster.listed.set(KEY, { failoverId: KEY, runId: `7:${start}`, backupTaskStatus: 'Running' });
    cluster.held.runs = [wireRun({ copyRun: [wireCopyRun(501, { status: 'kCanceled' })] })];
    const { result } = await cancel(gateway, 'cancelFailover', failoverId);
    expect(result.failover).toMatchObject({ state: 'CANCELED', runId: `7:${start}` });
    expect(cluster.cancels()).toEqual([]);
  });

  it('of one that nobody knows here is the cluster’s to judge', async () => {
    const { cluster, gateway } = await startUnderWay();
    cluster.plays.cancel = () => ({ status: 404, body: { errorCode: 'KEntityNotExistsError', message: 'none' } });
    const { result, errors } = await cancel(gateway, 'cancelFailover', 'Failover:dc-east:nobody');
    expect(errors).toEqual([]);
    expect(result).toMatchObject({ __typename: 'CancelRejected', errorCode: 'KEntityNotExistsError' });
  });

  it('of what a press left unconfirmed is sent: the cluster may have it', async () => {
    const { cluster, gateway, press } = await startFailover({ limits: quick });
    cluster.plays.post = ({ drop }) => drop();
    await press();
    const { result } = await cancel(gateway, 'cancelFailover', failoverId);
    expect(result).toMatchObject({ __typename: 'FailoverCancelRequested', failover: { id: failoverId } });
    expect(cluster.cancels()).toHaveLength(1);
    expect((await readFailover(gateway)).failover.state).toBe('UNCONFIRMED');
  });

  it('of an AWS Backup endpoint is refused', async () => {
    const aws = closing(await startAwsBackup());
    const gateway = closing(await startGateway({ upstreams: [awsBackupAt(aws)] }));
    const { result, errors } = await cancel(gateway, 'cancelFailover', 'Failover:aws-prod:x');
    expect(errors).toEqual([]);
    expect(result).toMatchObject({ __typename: 'CancelRejected', code: 'NOT_FOUND' });
    const read = await gateway.execute('{ failover(id: "Failover:aws-prod:x") { id } }');
    expect([read.data, read.errors]).toEqual([{ failover: null }, []]);
    expect(aws.seen).toEqual([]);
  });
});

describe('cancelCopyRun', () => {
  it('names the copy by its task, exactly beyond 2^53 too', async () => {
    const { cluster, gateway, copies } = await startUnderWay();
    copies.push(wireCopyRun(beyond, { status: 'kAccepted' }));
    const { clusterId, clusterIncarnationId } = uid;
    const id = `CopyRun:${runKey}:${clusterId}:${clusterIncarnationId}:${beyond}`;
    const { result, errors } = await cancel(gateway, 'cancelCopyRun', id);
    expect(errors).toEqual([]);
    expect(result).toEqual({ __typename: 'CopyRunCancelRequested', copyRun: { id, state: 'QUEUED' } });
    expect(cluster.cancels().map(({ body }) => body)).toEqual([
      `{"copyTaskUid":{"clusterId":${clusterId},"clusterIncarnationId":${clusterIncarnationId},"id":${beyond}}}`,
    ]);
  });

  it.each<readonly [string, Wire, RegExp]>([
    ['the local snapshot', { target: { type: 'kLocal' } }, /ends with its run/],
    ['a copy that has succeeded', { status: 'kSuccess' }, /The copy has ended: SUCCEEDED/],
    ['a copy that has failed', { status: 'kFailure' }, /The copy has ended: FAILED/],
    ['a copy with warnings', { status: 'kWarning' }, /The copy has ended: WARNING/],
  ])('leaves %s alone', async (_what, members, message) => {
    const { cluster, gateway, copies } = await startUnderWay();
    copies.splice(0, 1, wireCopyRun(501, { status: 'kRunning', ...members }));
    const { result, errors } = await cancel(gateway, 'cancelCopyRun', copyRunId);
    expect(errors).toEqual([]);
    expect(result).toEqual({
      __typename: 'CancelRejected',
      code: 'NOT_CANCELABLE',
      errorCode: null,
      path: [],
      message: expect.stringMatching(message),
    });
    expect(cluster.cancels()).toEqual([]);
    expect(auditOf(gateway.logs)).toEqual([]);
  });

  it.each(['kAccepted', 'kRunning', 'kFinalizing', 'kOnHold', 'kSomethingNew'])(
    'asks a copy that is %s',
    async (status) => {
      const { cluster, gateway, copies } = await startUnderWay();
      copies.splice(0, 1, wireCopyRun(501, { status }));
      expect(gistOf(await cancel(gateway, 'cancelCopyRun', copyRunId))).toMatch(/^CopyRunCancelRequested/);
      expect(cluster.cancels()).toHaveLength(1);
    },
  );

  it('cannot name a copy without a taskUid', async () => {
    const { cluster, gateway, copies } = await startUnderWay();
    copies.splice(0, 1, wireCopyRun(501, { status: 'kRunning', taskUid: null }));
    const { result } = await cancel(gateway, 'cancelCopyRun', `CopyRun:${runKey}:kRemote.0`);
    expect(result).toMatchObject({ code: 'NOT_CANCELABLE', message: expect.stringContaining('taskUid') });
    expect(cluster.cancels()).toEqual([]);
  });

  it('finds no copy of an id that the cluster does not have', async () => {
    const { cluster, gateway } = await startUnderWay();
    for (const id of [copyRunId.replace(/501$/, '999'), copyRunId.replace(':7:', ':8:')]) {
      const { result, errors } = await cancel(gateway, 'cancelCopyRun', id);
      expect(errors).toEqual([]);
      expect(result).toMatchObject({ __typename: 'CancelRejected', code: 'NOT_FOUND' });
    }
    expect(cluster.cancels()).toEqual([]);
  });

  it('that was taken is told so, though it cannot be read what became of it', async () => {
    const { cluster, gateway } = await startUnderWay();
    cluster.plays.cancelCopy = () => {
      cluster.plays.rest = () => ({ status: 400, body: { errorCode: 'KOdd', message: 'odd' } });
      return { status: 204 };
    };
    const { result, errors } = await cancel(gateway, 'cancelCopyRun', copyRunId);
    expect(errors).toEqual([]);
    expect(result).toEqual({ __typename: 'CopyRunCancelRequested', copyRun: { id: copyRunId, state: 'RUNNING' } });
  });
});

describe('cancels in the sandbox', () => {
  let sandbox: Sandbox;
  let gateway: Gateway;
  beforeAll(async () => {
    sandbox = await startCohesitySandbox();
    const { apiKey: key } = cohesitySandboxCredentials;
    gateway = await startGateway({ upstreams: [{ ...cohesityAt(sandbox), auth: { apiKey: key } }] });
  });
  afterAll(async () => {
    for (const one of [gateway, sandbox]) await one.close();
  });

  it('stop a running copy, and no other of its run', async () => {
    const { data } = await gateway.execute(
      `{ copyRuns(first: 1, filter: { states: [RUNNING], targetKinds: [REMOTE, ARCHIVAL], finished: false }) {
           nodes { id protectionShell { copyRuns { nodes { id state } } } } } }`,
    );
    const [copy] = data.copyRuns.nodes;
    const { result, errors } = await cancel(gateway, 'cancelCopyRun', copy.id);
    expect(errors).toEqual([]);
    expect(result.copyRun.state).toMatch(/^CANCEL(ING|ED)$/);
    const others = copy.protectionShell.copyRuns.nodes.filter(({ id }: { id: string }) => id !== copy.id);
    for (const { id, state } of others) {
      const after = await gateway.execute('query ($id: ID!) { copyRun(id: $id) { state } }', { id });
      if (state !== 'RUNNING' && state !== 'QUEUED') expect(after.data.copyRun.state).toBe(state);
      expect(after.data.copyRun.state).not.toMatch(/^CANCELING$/);
    }
    expect(gistOf(await cancel(gateway, 'cancelCopyRun', copy.id))).toMatch(/^CopyRunCancelRequested/);
  });

  it('are refused for a failover that is not there', async () => {
    const { result } = await cancel(gateway, 'cancelFailover', 'Failover:dc-east:nobody');
    expect(result).toMatchObject({ code: 'REJECTED_BY_CLUSTER', errorCode: 'KEntityNotExistsError' });
  });
});
