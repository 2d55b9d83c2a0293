import { describe, expect, it } from 'vitest';
import { limitErrors } from '../../src/edge/error-limit.js';
import { awsBackupAt, cohesityAt, startFake } from '../support/fake.js';
import { type AnsweredError, startGateway } from '../support/gateway.js';
import { expectAlive } from '../support/alive.js';
import { openRaw } from '../support/http.js';
import { changes, copyJob, startLive } from '../support/live.js';
import { closing } from '../support/products.js';
import { openSocket } from '../support/websocket.js';
import { until } from '../support/until.js';

/** A cluster and AWS that both fail, each in its own way. */
const start = async () => {
  const cohesity = closing(await startFake(() => ({ status: 401, body: {} })));
  const aws = closing(
    await startFake(() => ({
      status: 400,
      headers: { 'x-amzn-errortype': 'InvalidParameterValueException' },
      body: {},
    })),
  );
  return closing(await startGateway({ upstreams: [cohesityAt(cohesity), awsBackupAt(aws)] }));
};

const jobs = (count: number): string =>
  Array.from({ length: count }, (_value, index) => `j${index}: copyJob(copyJobId: "J${index}") { id }`).join(' ');

const ask = async (url: string, query: string) => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return JSON.parse(await response.text());
};

const gist = ({ path, extensions: { code, upstream = '' } }: AnsweredError): string =>
  [code, upstream, path?.join('.')].filter((part) => part !== undefined && part !== '').join(' ');

describe('an answer', () => {
  it('has five errors at most, the first of each kind before the others, and says how many more there were', async () => {
    const gateway = await start();
    const wrong = 'node(id: "nonsense") { id }';
    const { errors, extensions, data } = await ask(
      gateway.url,
      `{ ${jobs(8)} ${wrong} last: copyRun(id: "CopyRun:dc-east:1:2:3:4:5") { id } }`,
    );
    const gists: readonly string[] = errors.map(gist);
    expect([...gists].slice(0, 3).sort()).toEqual([
      'BAD_USER_INPUT node',
      'UPSTREAM_AUTH dc-east last',
      expect.stringMatching(/^UPSTREAM_BAD_RESPONSE aws-prod j/),
    ]);
    for (const one of gists.slice(3)) expect(one).toMatch(/^UPSTREAM_BAD_RESPONSE aws-prod j/);
    expect(new Set(gists).size).toBe(5);
    expect(extensions).toEqual({ errorsOmitted: 5 });
    expect(Object.keys(data)).toHaveLength(10);
    await expectAlive(gateway);
  });

  it('with five is as it was', async () => {
    const gateway = await start();
    const answer = await ask(gateway.url, `{ ${jobs(5)} }`);
    expect(answer.errors.map(gist)).toEqual([0, 1, 2, 3, 4].map((index) => `UPSTREAM_BAD_RESPONSE aws-prod j${index}`));
    expect(answer).not.toHaveProperty('extensions');
  });

  it('to a query that does not fit has five too, over both transports', async () => {
    const gateway = await start();
    const query = `{ ${Array.from({ length: 20 }, (_value, index) => `nonsense${index}`).join(' ')} }`;
    const { errors, extensions } = await ask(gateway.url, query);
    expect(errors.map(gist)).toEqual(Array(5).fill('GRAPHQL_VALIDATION_FAILED'));
    expect(extensions).toEqual({ errorsOmitted: 15 });
    const socket = await openSocket(gateway);
    await socket.init();
    socket.start('1', query);
    const payload = errors.map((error: AnsweredError) => ({ ...error, extensions: { code: error.extensions.code } }));
    expect(await socket.answer('1')).toMatchObject([{ type: 'error', payload }]);
    socket.start('2', `{ ${jobs(7)} }`);
    const [{ payload: whole } = { payload: null }] = await socket.answer('2');
    expect([whole.errors.length, whole.extensions]).toEqual([5, { errorsOmitted: 2 }]);
  });

  it('in parts has five in each part', async () => {
    const gateway = await start();
    const headers = { 'content-type': 'application/json', accept: 'multipart/mixed' };
    const query = `{ ...Later @defer } fragment Later on Query { ${jobs(9)} }`;
    const response = await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    const parts = [...(await response.text()).matchAll(/^\{.*\}$/gm)].map(([json]) => JSON.parse(json));
    const [later] = parts.flatMap((part) => (part.incremental === undefined ? [] : [part]));
    expect(later.incremental.flatMap(({ errors = [] }: { errors?: AnsweredError[] }) => errors)).toHaveLength(5);
    expect(later.extensions).toEqual({ errorsOmitted: 4 });
  });
});

describe('an event', () => {
  it('has five errors at most, over both transports', async () => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING', { ParentJobId: 'P1' }));
    live.aws.before = ({ path }) => (path.endsWith('/P1') ? { status: 401, body: {} } : undefined);
    const parents = Array.from({ length: 7 }, (_value, index) => `e${index}: parent { id }`).join(' ');
    const query = changes(`... on CopyJob { ${parents} }`);
    const body = JSON.stringify({ query });
    const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream\r\n';
    const raw = openRaw(live, `${head}content-length: ${body.length}\r\n\r\n${body}`);
    const failed = /data: (.*"errors".*)\n/;
    await until(() => expect(raw.text()).toMatch(failed));
    raw.socket.destroy();
    const [, event = '{}'] = failed.exec(raw.text()) ?? [];
    expect(JSON.parse(event).errors).toHaveLength(5);
    expect(JSON.parse(event).extensions).toEqual({ errorsOmitted: 2 });
    const socket = await openSocket(live);
    await socket.init();
    socket.start('1', query);
    await until(() => expect(socket.messages.some(({ payload }) => payload?.errors !== undefined)).toBe(true));
    const { payload } = socket.messages.find((message) => message.payload?.errors !== undefined) ?? {};
    expect([payload.errors.length, payload.extensions]).toEqual([5, { errorsOmitted: 2 }]);
  });
});

describe('what is left out', () => {
  const error = (code: string, upstream?: string) => ({
    message: code,
    extensions: { code, ...(upstream && { upstream }) },
  });

  it('is never the first of its kind, while there is room', () => {
    const errors = [
      ...Array(9)
        .fill(null)
        .map(() => error('A', 'x')),
      error('A', 'y'),
      error('B'),
      error('C'),
      error('A', 'x'),
    ];
    const { errors: kept = [], extensions } = limitErrors<{
      errors: typeof errors;
      extensions?: Record<string, unknown>;
    }>({ errors, extensions: { cost: 1 } });
    expect(kept.map(({ extensions: { code, upstream } }) => `${code}${upstream ?? ''}`)).toEqual([
      'Ax',
      'Ay',
      'B',
      'C',
      'Ax',
    ]);
    expect(extensions).toEqual({ cost: 1, errorsOmitted: 8 });
  });

  it('is counted over all parts of a payload, and a part without errors has none', () => {
    const incremental = [
      { errors: [error('A'), error('A')] },
      { errors: [error('A'), error('A')] },
      { errors: [error('A'), error('A')] },
      {},
    ];
    const limited = limitErrors<{ incremental: { errors?: ReturnType<typeof error>[] }[] }>({ incremental });
    expect(limited.incremental.map(({ errors }) => errors?.length)).toEqual([2, 2, 1, undefined]);
  });

  it('is nothing where there is no more than five', () => {
    const result = { errors: [1, 2, 3, 4, 5].map(() => error('A')) };
    expect(limitErrors(result)).toBe(result);
  });
});
