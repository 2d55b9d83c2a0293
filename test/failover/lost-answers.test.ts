import { describe, expect, it } from 'vitest';
import {
  KEY,
  type Plays,
  gistOf,
  inputOf,
  press,
  quick,
  readFailover,
  startFailover,
  startGatewayAt,
  startPlayedCluster,
} from '../support/failover.js';
import { closing } from '../support/products.js';
import { deadPort } from '../support/redis.js';
import { until } from '../support/until.js';

const accepted = 'FailoverAccepted REQUESTED';
const unconfirmed = 'FailoverAccepted UNCONFIRMED';

const busy = { status: 500, body: { errorCode: 'KInternalError', message: 'Timed out waiting for magneto' } };
const page = '<html><body>Welcome to the proxy</body></html>';
const never = () => null;

/** The ways in which the connection, or a proxy before the cluster, loses or changes the answer. */
const losses: readonly {
  readonly what: string;
  readonly answer: Plays['post'];
  readonly timeoutMs?: number; // of one call
}[] = [
  { what: 'the connection drops', answer: ({ drop }) => drop() },
  { what: 'a 500 comes', answer: () => busy },
  { what: 'a 500 without a body comes', answer: () => ({ status: 500 }) },
  {
    what: 'a proxy’s 502 comes',
    answer: () => ({ status: 502, headers: { 'content-type': 'text/html' }, body: page }),
  },
  { what: 'a 503 that asks to wait comes', answer: () => ({ status: 503, headers: { 'retry-after': '1' } }) },
  ...[408, 409, 423, 425, 499].map((status) => ({
    what: `a ${status} comes, which does not say that nothing was taken on`,
    answer: () => ({ status, body: { errorCode: 'KConflict', message: 'try another time' } }),
  })),
  {
    what: 'a 201 with a page comes',
    answer: () => ({ status: 201, headers: { 'content-type': 'text/html' }, body: page }),
  },
  { what: 'a 201 with a text comes', answer: () => ({ status: 201, body: '"ok"' }) },
  { what: 'a redirect comes', answer: () => ({ status: 302, headers: { location: '/elsewhere' } }) },
  {
    what: 'the answer breaks off',
    answer: ({ response }) => {
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"failoverId":', () => response.socket?.destroy());
      return null;
    },
  },
  {
    what: 'what comes is no HTTP',
    answer: ({ response }) => {
      response.socket?.end('hello\r\n\r\n');
      return null;
    },
  },
  { what: 'nothing comes in the time of one call', answer: never, timeoutMs: 500 },
  { what: 'nothing comes in the time of the operation', answer: never },
];

describe('a press that the cluster took on', () => {
  it.each(losses)('is found, and is the answer, where $what', async ({ answer, timeoutMs = 20_000 }) => {
    const { cluster, gateway, press } = await startFailover({ limits: quick, upstream: { timeoutMs } });
    cluster.plays.post = (one) => {
      one.accept();
      return answer(one);
    };
    const first = await press();
    expect(first.errors).toEqual([]);
    expect(first.result.failover).toMatchObject({ state: 'REQUESTED', requestedAt: expect.any(String) });
    expect(gistOf(await press())).toBe(accepted);
    expect((await readFailover(gateway)).failover.state).toBe('REQUESTED');
    expect(cluster.accepted()).toEqual([KEY]);
    expect(cluster.posts()).toHaveLength(1);
    expect(cluster.requests()).not.toContain('GET /elsewhere');
  });
});

describe('a press that the cluster did not take on', () => {
  // The others come to the same search, which takes its time.
  const some = losses.filter(({ what }) => /drops|a 500 comes|40[89]|423|425|499|page|text|in the time of/.test(what));

  it.each(some)('is told by nobody, and never sent again, where $what', async ({ answer, timeoutMs = 20_000 }) => {
    const { cluster, gateway, press } = await startFailover({ limits: quick, upstream: { timeoutMs } });
    cluster.plays.post = answer;
    const first = await press();
    expect(first.errors).toEqual([]);
    expect(first.result.failover).toMatchObject({
      id: `Failover:dc-east:${KEY}`,
      state: 'UNCONFIRMED',
      message: expect.stringContaining('Check the cluster'),
    });

    cluster.plays.post = ({ accept }) => accept();
    expect(gistOf(await press())).toBe(unconfirmed);
    expect((await readFailover(gateway)).failover).toEqual(first.result.failover);
    expect(cluster.posts()).toHaveLength(1);

    expect(gistOf(await press({ idempotencyKey: 'another' }))).toBe(accepted);
    expect(cluster.accepted()).toEqual(['another']);
  });
});

describe('a lost answer', () => {
  it('is looked for until the failover shows, through polls that fail', async () => {
    const { cluster, press } = await startFailover({ limits: quick });
    const list = cluster.plays.poll;
    cluster.plays.post = ({ accept, drop }) => {
      accept();
      let polls = 0;
      cluster.plays.poll = (ids, response) => {
        polls += 1;
        if (polls === 1) return { status: 400, body: { errorCode: 'KQueryParamParseError', message: 'odd' } };
        return polls === 2 ? { body: { failoverPlannedRuns: [] } } : list(ids, response);
      };
      return drop();
    };
    expect(gistOf(await press())).toBe(accepted);
    expect(cluster.polls()).toHaveLength(4);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('that shows later is no longer unconfirmed', async () => {
    const { cluster, gateway, press } = await startFailover({ limits: quick });
    cluster.plays.post = ({ drop }) => drop();
    expect(gistOf(await press())).toBe(unconfirmed);
    cluster.listed.set(KEY, { failoverId: KEY });
    expect((await readFailover(gateway)).failover.state).toBe('REQUESTED');
    expect(gistOf(await press())).toBe(accepted);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('stays a conflict for another body', async () => {
    const { cluster, press } = await startFailover({ limits: quick });
    cluster.plays.post = ({ drop }) => drop();
    await press();
    expect(gistOf(await press({ runType: 'FULL' }))).toBe('FailoverConflict IDEMPOTENCY_KEY_REUSED');
    expect(cluster.posts()).toHaveLength(1);
  });

  it('of twenty at once is looked for once, and all are told the same', async () => {
    const { cluster, press } = await startFailover({ limits: quick });
    cluster.plays.post = ({ accept, drop }) => {
      accept();
      return drop();
    };
    const all = await Promise.all(Array.from({ length: 20 }, () => press()));
    expect(all.map(gistOf)).toEqual(Array(20).fill(accepted));
    expect(cluster.posts()).toHaveLength(1);
  });

  it('is none where the caller went away: the press goes on, and the same press again finds it', async () => {
    const { cluster, gateway, press } = await startFailover();
    const caller = new AbortController();
    let answer = (): void => undefined;
    cluster.plays.post = async ({ accept }) => {
      caller.abort();
      await new Promise<void>((resolve) => (answer = resolve));
      return accept();
    };
    const query = `mutation ($input: FailoverInput!) { failover(input: $input) { __typename } }`;
    const gone = fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { input: inputOf() } }),
      signal: caller.signal,
    });
    await expect(gone).rejects.toThrow();
    const again = press();
    answer();
    expect(gistOf(await again)).toBe(accepted);
    await until(() => expect(gateway.logs.filter((line) => line.includes('"accepted"'))).toHaveLength(1));
    expect(cluster.accepted()).toEqual([KEY]);
    expect(cluster.posts()).toHaveLength(1);
  });
});

describe('a refusal', () => {
  const secret = 'Object 101 at 10.1.2.3 is not protected by admin@local';

  it.each([400, 403, 404, 422])(
    'with %d starts nothing and says so in our words, with the vendor’s code',
    async (status) => {
      const { cluster, gateway, press } = await startFailover({ limits: quick });
      cluster.plays.post = () => ({ status, body: { errorCode: 'KInvalidRequest', message: secret } });
      const { result, errors } = await press();
      expect(errors).toEqual([]);
      expect(result).toEqual({
        __typename: 'FailoverRejected',
        code: 'REJECTED_BY_CLUSTER',
        errorCode: 'KInvalidRequest',
        message: expect.stringMatching(/^Upstream dc-east refused the planned run; no run was started\./),
        path: [],
      });
      expect(JSON.stringify(result)).not.toContain('101');
      expect((await readFailover(gateway)).failover).toBeNull();
      expect(cluster.posts()).toHaveLength(1);

      cluster.plays.post = ({ accept }) => accept();
      expect(gistOf(await press({ runType: 'FULL' }))).toBe('FailoverConflict IDEMPOTENCY_KEY_REUSED');
      expect(gistOf(await press())).toBe(accepted);
      expect(cluster.accepted()).toEqual([KEY]);
      expect(cluster.posts()).toHaveLength(2);
    },
  );

  it('with 429 is one too, and the same key can be pressed again', async () => {
    const { cluster, press } = await startFailover({ limits: quick });
    cluster.plays.post = ({ nth, accept }) => (nth === 1 ? { status: 429, body: 'Too Many Requests' } : accept());
    const { result, errors } = await press();
    expect(errors).toEqual([]);
    expect(result).toMatchObject({
      __typename: 'FailoverRejected',
      code: 'REJECTED_BY_CLUSTER',
      errorCode: null,
      message: expect.stringContaining('asks to slow down'),
    });
    expect(cluster.posts()).toHaveLength(1); // it is not repeated by itself
    expect(gistOf(await press())).toBe(accepted);
    expect(cluster.accepted()).toEqual([KEY]);
  });

  it('of an id that another gateway sent a moment ago is no refusal', async () => {
    const { cluster, press } = await startFailover({ limits: quick });
    cluster.plays.post = ({ accept }) => {
      accept(); // the other one
      return { status: 400, body: { errorCode: 'KInvalidRequest', message: 'already requested' } };
    };
    expect(gistOf(await press())).toBe(accepted);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('of a look behind that fails stays a refusal', async () => {
    const { cluster, press } = await startFailover({ limits: quick });
    cluster.plays.post = () => {
      cluster.plays.poll = () => ({ status: 400, body: { errorCode: 'KOdd', message: 'odd' } });
      return { status: 400, body: { errorCode: 'KInvalidRequest', message: 'no' } };
    };
    expect(gistOf(await press())).toBe('FailoverRejected REJECTED_BY_CLUSTER');
    expect(cluster.posts()).toHaveLength(1);
  });
});

describe('a cluster that cannot be looked at', () => {
  it.each<readonly [string, Plays['poll'], string]>([
    ['is down', () => ({ status: 503 }), 'UPSTREAM_UNAVAILABLE'],
    ['answers a page', () => ({ headers: { 'content-type': 'text/html' }, body: page }), 'UPSTREAM_BAD_RESPONSE'],
    ['answers another shape', () => ({ body: '[1]' }), 'UPSTREAM_BAD_RESPONSE'],
    [
      'lists one that cannot be read',
      () => ({ body: { failoverPlannedRuns: [{ runId: 1 }] } }),
      'UPSTREAM_BAD_RESPONSE',
    ],
    [
      'refuses the poll',
      () => ({ status: 403, body: { errorCode: 'KPrivilege', message: 'RESTORE_MODIFY' } }),
      'UPSTREAM_AUTH',
    ],
    ['is too slow', never, 'UPSTREAM_TIMEOUT'],
    ['asks to slow down', () => ({ status: 429, headers: { 'retry-after': '60' } }), 'UPSTREAM_RATE_LIMITED'],
  ])('for it %s is an error, and nothing is sent; the same key works later', async (_what, poll, code) => {
    const { cluster, press } = await startFailover({ limits: quick, upstream: { timeoutMs: 400 } });
    const list = cluster.plays.poll;
    cluster.plays.poll = poll;
    const { result, errors } = await press();
    expect(result).toBeNull();
    expect(errors).toMatchObject([{ path: ['failover'], extensions: { code, upstream: 'dc-east' } }]);
    expect(cluster.posts()).toEqual([]);
    cluster.plays.poll = list;
    expect(gistOf(await press())).toBe(accepted);
    expect(cluster.accepted()).toEqual([KEY]);
  });

  it('for nothing listens there any more when it is to be sent, is an error too', async () => {
    const port = await deadPort();
    const first = closing(await startPlayedCluster(port));
    const gateway = await startGatewayAt(first, { limits: quick });
    first.plays.poll = (_ids, response) => {
      response.once('finish', () => void first.close());
      return { headers: { connection: 'close' }, body: { failoverPlannedRuns: [] } };
    };
    const { result, errors } = await press(gateway);
    expect(result).toBeNull();
    expect(errors).toMatchObject([{ path: ['failover'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    expect(first.posts()).toEqual([]);

    const second = closing(await startPlayedCluster(port));
    expect((await readFailover(gateway)).failover).toBeNull();
    expect(gistOf(await press(gateway, { runType: 'FULL' }))).toBe(accepted); // nothing was sent: any body will do
    expect(second.accepted()).toEqual([KEY]);
  });
});
