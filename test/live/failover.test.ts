import { describe, expect, it } from 'vitest';
import { cohesitySandboxCredentials, startCohesitySandbox } from '../../src/sandbox/cohesity/server.js';
import {
  type FailoverOptions,
  KEY,
  type PlayedCluster,
  gistOf as gistOfPress,
  press,
  startFailover,
  startGatewayAt,
  startPlayedCluster,
} from '../support/failover.js';
import { apiKey, bearer } from '../support/keys.js';
import { type Watching, countStreams, looks, resourcesLeft, swift, watch } from '../support/live.js';
import { type Wire, start, wireCopyRun, wireRun, wireRunOf } from '../support/wire.js';
import { until } from '../support/until.js';

const idOf = (key: string): string => `Failover:dc-east:${key}`;
const progress = (key = KEY, fields = 'id state message runId'): string =>
  `subscription { failoverProgress(id: "${idOf(key)}") { ${fields} } }`;

const startLiveFailover = (options: FailoverOptions = {}) => startFailover({ live: swift, ...options });

const runId = `7:${start}`;

/** Lets the cluster list the failover with a run, and hold that run; the replication is so far. */
const withRun = ({ listed, held }: PlayedCluster, status: string, copy: Wire = {}, key = KEY): void => {
  listed.set(key, { failoverId: key, runId, backupTaskStatus: 'Succeeded' });
  held.runs = [wireRun({ copyRun: [wireCopyRun(501, { status, ...copy })] })];
};

const statesOf = ({ events }: Watching): readonly string[] => events.map(({ state }) => state);

describe('the progress of a failover', () => {
  it('is read in turn where more are watched than a look has calls for: none waits for ever', async () => {
    const { cluster, gateway } = await startLiveFailover({ limits: { maxUpstreamCalls: 8 } });
    const keys = Array.from({ length: 12 }, (_, n) => `key-${n}`);
    keys.forEach((key, n) =>
      cluster.listed.set(key, { failoverId: key, runId: `${n + 1}:${start}`, backupTaskStatus: 'Succeeded' }),
    );
    const stats = { logicalSizeBytes: 1000, logicalBytesTransferred: 420 };
    cluster.held.runs = keys.map((_, n) =>
      wireRunOf(n + 1, start, { copyRun: [wireCopyRun(501, { status: 'kRunning', stats })] }),
    );
    const all = keys.map((key) => watch(gateway, progress(key)));
    await until(() => {
      for (const { events } of all) expect(events.at(-1)?.message).toBe('The replication is 42 % done.');
    });
  });

  it('is told from where it is until it has succeeded, each change once, and then the stream completes', async () => {
    const { cluster, gateway, press: pressIt } = await startLiveFailover();
    expect(gistOfPress(await pressIt())).toBe('FailoverAccepted REQUESTED');
    const watching = watch(gateway, progress());
    const polls = { seen: cluster.seen };
    const states: string[] = [];
    const next = async (state: string): Promise<void> => {
      states.push(state);
      await until(() => expect(statesOf(watching)).toEqual(states));
      await looks(polls, 5);
    };
    await next('REQUESTED');
    withRun(cluster, 'kRunning');
    await next('RUNNING');
    withRun(cluster, 'kRunning', { stats: { logicalSizeBytes: 1000, logicalBytesTransferred: 420 } });
    await next('RUNNING');
    withRun(cluster, 'kSuccess');
    states.push('SUCCEEDED');
    expect(await watching.ended).toBeNull();
    expect(statesOf(watching)).toEqual(states);
    expect(watching.events.map(({ message, runId: run }) => [message, run])).toEqual([
      [null, null],
      ['The replication is running.', runId],
      ['The replication is 42 % done.', runId],
      [null, runId],
    ]);
    expect(watching.errors).toEqual([]);
    // A run without a watcher is not polled any more.
    expect((await resourcesLeft()).timers).toBe(0);
    const { length } = cluster.seen;
    await gateway.execute('{ upstreams { name } }');
    expect(cluster.seen).toHaveLength(length);
  });

  it.each([
    ['kFailure', { error: 'no route' }, 'FAILED', 'no route'],
    ['kCancelled', {}, 'CANCELED', null],
  ])('ends with %s too', async (status, copy, state, message) => {
    const { cluster, gateway } = await startLiveFailover();
    withRun(cluster, 'kRunning');
    const watching = watch(gateway, progress());
    await until(() => expect(statesOf(watching)).toEqual(['RUNNING']));
    withRun(cluster, status, copy);
    expect(await watching.ended).toBeNull();
    expect(watching.events.at(-1)).toMatchObject({ state, message });
    expect(watching.events).toHaveLength(2);
  });

  it('that is over already is told once', async () => {
    const { cluster, gateway } = await startLiveFailover();
    withRun(cluster, 'kSuccess');
    const watching = watch(gateway, progress());
    expect(await watching.ended).toBeNull();
    expect(statesOf(watching)).toEqual(['SUCCEEDED']);
    expect(cluster.polls()).toHaveLength(1);
  });

  it.each([
    ['nobody knows', idOf('nobody')],
    ['is of another type', 'CopyJob:aws-prod:J1'],
    ['is of another upstream', 'Failover:elsewhere:a'],
  ])('that %s is an error, and the stream is over', async (_what, id) => {
    const { gateway } = await startLiveFailover();
    const watching = watch(gateway, 'subscription ($id: ID!) { failoverProgress(id: $id) { state } }', {
      variables: { id },
    });
    await watching.ended;
    expect(watching.events).toEqual([]);
    expect(watching.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'id' } }]);
    expect((await resourcesLeft()).timers).toBe(0); // nothing waits for its deadline
  });

  it('needs the scope', async () => {
    const { cluster, gateway } = await startLiveFailover({
      auth: { apiKeys: [apiKey('presser', ['failover:execute']), apiKey('aws', ['copy:read'], ['aws-prod'])] },
    });
    for (const key of ['presser', 'aws']) {
      const watching = watch(gateway, progress(), { headers: bearer(key) });
      await watching.ended;
      expect(watching.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    expect(cluster.seen).toEqual([]);
  });

  it('is one poll for all that are watched, however many watch', async () => {
    const { cluster, gateway } = await startLiveFailover();
    const keys = ['a', 'b', 'c'];
    for (const key of keys) cluster.listed.set(key, { failoverId: key });
    const all = keys.flatMap((key) => Array.from({ length: 20 }, () => watch(gateway, progress(key))));
    await until(() => {
      for (const watching of all) expect(statesOf(watching)).toEqual(['REQUESTED']);
    });
    const before = cluster.polls().length;
    await until(() => expect(cluster.polls().length).toBeGreaterThan(before + 3));
    const asked = cluster.polls().slice(before + 1);
    expect(asked.map(({ query }) => query.get('failoverIds')?.split(',').toSorted())).toEqual(
      asked.map(() => ['a', 'b', 'c']),
    );
    for (const watching of all) expect(watching.events).toHaveLength(1);
    for (const key of keys) cluster.listed.set(key, { failoverId: key, backupTaskStatus: 'Canceled' });
    await Promise.all(all.map(({ ended }) => ended));
    expect(new Set(all.map((watching) => statesOf(watching).join(' ')))).toEqual(new Set(['REQUESTED CANCELED']));
  });

  describe('who comes later', () => {
    const slow = { minSeconds: 60, maxSeconds: 60 };

    it('is told what the last look showed', async () => {
      const { cluster, gateway } = await startLiveFailover({ live: slow });
      withRun(cluster, 'kRunning');
      const first = watch(gateway, progress());
      await until(() => expect(statesOf(first)).toEqual(['RUNNING']));
      const others = Array.from({ length: 20 }, () => watch(gateway, progress()));
      await until(() => {
        for (const watching of others) expect(statesOf(watching)).toEqual(['RUNNING']);
      });
      expect(cluster.polls()).toHaveLength(1);
    });

    it('is looked at next where the look that goes on does not have it', async () => {
      const { cluster, gateway } = await startLiveFailover({ live: slow });
      const subscribed = countStreams(gateway);
      for (const key of ['a', 'b']) cluster.listed.set(key, { failoverId: key });
      const { poll } = cluster.plays;
      let release: () => void = () => undefined;
      cluster.plays.poll = async (...asked) => {
        await new Promise<void>((resolve) => (release = resolve));
        return poll(...asked);
      };
      const first = watch(gateway, progress('a'));
      await until(() => expect(cluster.polls()).toHaveLength(1));
      const second = watch(gateway, progress('b'));
      await until(() => expect(subscribed()).toBe(2));
      for (let turn = 0; turn < 5; turn += 1) await gateway.execute('{ upstreams { name } }'); // which come after it
      cluster.plays.poll = poll;
      await until(() => {
        release();
        expect([first.events.length, second.events.length]).toEqual([1, 1]);
      });
      expect(cluster.polls().map(({ query }) => query.get('failoverIds'))).toEqual(['a', 'a,b']);
    });

    it('is not heard of any more when it leaves: no timer is left', async () => {
      const { cluster, gateway } = await startLiveFailover({ live: slow });
      cluster.listed.set(KEY, { failoverId: KEY });
      for (let time = 0; time < 3; time += 1) {
        const watching = watch(gateway, progress());
        await until(() => expect(watching.events).toHaveLength(1));
        watching.leave();
        expect((await resourcesLeft()).timers).toBe(0);
      }
    });
  });

  it('waits an outage out', async () => {
    const first = await startPlayedCluster();
    const port = Number(new URL(first.url).port);
    first.listed.set(KEY, { failoverId: KEY });
    const gateway = await startGatewayAt(first, { live: swift });
    const watching = watch(gateway, progress());
    await until(() => expect(statesOf(watching)).toEqual(['REQUESTED']));
    await first.close();
    await until(() => expect(gateway.logs.join('')).toContain('upstream call failed'));
    const second = await startPlayedCluster(port);
    withRun(second, 'kSuccess');
    expect(await watching.ended).toBeNull();
    await second.close();
    expect(statesOf(watching)).toEqual(['REQUESTED', 'SUCCEEDED']);
    expect(watching.errors).toEqual([]);
  });

  it('reads what hangs on each event anew', async () => {
    const { cluster, gateway } = await startLiveFailover({ limits: { maxUpstreamCalls: 3, requestTimeoutMs: 5000 } });
    withRun(cluster, 'kRunning');
    const fields = 'state copyRuns { nodes { state } }';
    const watching = watch(gateway, progress(KEY, fields));
    await until(() => expect(watching.events).toHaveLength(1));
    withRun(cluster, 'kSuccess');
    expect(await watching.ended).toBeNull();
    expect(watching.errors).toEqual([]);
    expect(watching.events).toEqual([
      { state: 'RUNNING', copyRuns: { nodes: [{ state: 'RUNNING' }] } },
      { state: 'SUCCEEDED', copyRuns: { nodes: [{ state: 'SUCCEEDED' }] } },
    ]);
  });
});

describe('a failover in the sandbox', () => {
  it('is requested, runs, and has succeeded, and the stream completes', async () => {
    let ahead = 0;
    // Each read of the time moves it by a second, so that no step passes between two polls.
    const sandbox = await startCohesitySandbox({ now: () => Date.now() + (ahead += 1000) });
    const { apiKey: key } = cohesitySandboxCredentials;
    const gateway = await startGatewayAt(sandbox, { upstream: { auth: { apiKey: key } }, live: swift });
    const { result } = await press(gateway, {
      replicationClusterId: '2718281828459045',
      objects: [{ objectId: '100101' }],
      protectionGroupId: '3141592653589793:1546300800000:1001',
      cancelNonFailoverRuns: true,
    });
    const watching = watch(gateway, `subscription { failoverProgress(id: "${result.failover.id}") { state message } }`);
    expect(await watching.ended).toBeNull();
    await sandbox.close();
    const states = statesOf(watching).filter((state, index, all) => state !== all[index - 1]);
    expect(states.filter((state) => state !== 'WAITING_FOR_CANCELLATIONS')).toEqual([
      'REQUESTED',
      'RUNNING',
      'SUCCEEDED',
    ]);
    const told = watching.events.map(({ state, message }) => `${state} ${message}`);
    expect(new Set(told).size).toBe(told.length); // each step once
    expect(watching.errors).toEqual([]);
  });
});
