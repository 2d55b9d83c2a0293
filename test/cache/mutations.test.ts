import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR, NOW } from '../support/estates.js';
import { type Press, startFailover } from '../support/failover.js';
import type { Reply, Seen } from '../support/fake.js';
import { cluster as clusterUid, wireCopyRun, wireRunOf } from '../support/wire.js';
import { until } from '../support/until.js';

const TODAY = NOW + HOUR / 3;
const began = TODAY - HOUR / 6;
const copyRunId = `CopyRun:dc-east:7:${began}:${clusterUid.clusterId}:${clusterUid.clusterIncarnationId}:501`;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: TODAY / 1000 }));
afterEach(() => void vi.useRealTimers());

const node = `{ node(id: "${copyRunId}") { ... on CopyRun { state } } }`;
const list = '{ copyRuns { nodes { state } } }';
const summary = '{ copySummary(groupBy: [STATE]) { groups { state } } }';
const cancel = `mutation { cancelCopyRun(id: "${copyRunId}") {
  __typename ... on CopyRunCancelRequested { copyRun { state } } ... on CancelRejected { code } } }`;

/** A cluster with one run, whose copy is running until it is canceled. */
const start = async () => {
  const { cluster, gateway } = await startFailover({ cache: {} });
  const held = { status: 'kRunning' };
  cluster.held.runs = () => [
    wireRunOf(7, began, { copyRun: [wireCopyRun(501, { runStartTimeUsecs: began, status: held.status })] }),
  ];
  cluster.plays.cancelCopy = () => {
    held.status = 'kCanceling';
    return { status: 204 };
  };
  const reads = (): readonly Seen[] => cluster.seen.filter(({ path }) => path.endsWith('/protectionRuns'));
  const states = async () => {
    const [one, many, sum] = await Promise.all([node, list, summary].map((query) => gateway.execute(query)));
    return [one?.data.node.state, many?.data.copyRuns.nodes[0].state, sum?.data.copySummary.groups[0].state];
  };
  return { cluster, gateway, held, reads, states };
};

describe('a cancel', () => {
  it('shows in the next list, summary and record, though all were read a moment ago', async () => {
    const { gateway, states, reads } = await start();
    expect(await states()).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    const before = reads().length;
    expect(await states()).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    expect(reads()).toHaveLength(before);
    const { data } = await gateway.execute(cancel);
    expect(data.cancelCopyRun).toMatchObject({ copyRun: { state: 'CANCELING' } });
    expect(await states()).toEqual(['CANCELING', 'CANCELING', 'CANCELING']);
  });

  it('shows so too where its answer is lost', async () => {
    const { cluster, gateway, held, states } = await start();
    cluster.plays.cancelCopy = ({ drop }: Press) => {
      held.status = 'kCanceling';
      return drop();
    };
    await states();
    await gateway.execute(cancel);
    expect(await states()).toEqual(['CANCELING', 'CANCELING', 'CANCELING']);
  });

  it('judges by what the cluster says now, not by what was read before', async () => {
    const { cluster, gateway, held, states } = await start();
    await states();
    held.status = 'kSuccess';
    const { data } = await gateway.execute(cancel);
    expect(data.cancelCopyRun).toMatchObject({ __typename: 'CancelRejected', code: 'NOT_CANCELABLE' });
    expect(cluster.cancels()).toEqual([]);
  });

  it.each([
    ['record', `{ copyRun(id: "${copyRunId}", maxAge: 0) { state } }`],
    ['list', list.replace('copyRuns', 'copyRuns(maxAge: 0)')],
  ])('is not undone by a read of a %s that began before it and ends after', async (_name, query) => {
    const { cluster, gateway, held, states } = await start();
    const answer = cluster.plays.rest;
    const late: (() => void)[] = [];
    let before: ReturnType<typeof gateway.execute> | null = null;
    cluster.plays.cancelCopy = async () => {
      // A read that comes now is answered with what is so now, but only later.
      cluster.plays.rest = (seen) => {
        const reply = answer(seen);
        cluster.plays.rest = answer;
        return new Promise<Reply>((resolve) => late.push(() => resolve(reply)));
      };
      before = gateway.execute(query);
      await until(() => expect(late).toHaveLength(1));
      held.status = 'kCanceling';
      return { status: 204 };
    };
    const { data } = await gateway.execute(cancel);
    expect(data.cancelCopyRun).toMatchObject({ copyRun: { state: 'CANCELING' } });
    late.forEach((go) => go());
    expect(JSON.stringify(await before)).toContain('RUNNING'); // as it was when it was asked for
    expect(await states()).toEqual(['CANCELING', 'CANCELING', 'CANCELING']);
  });
});

describe('a failover', () => {
  /** A failover whose run is the one of job 7. */
  const startDrill = async () => {
    const all = await start();
    all.cluster.listed.set('drill', { failoverId: 'drill', runId: `7:${began}`, backupStatus: 'kRunning' });
    return all;
  };

  it.each([['state'], ['message'], ['run { state }'], ['copyRuns { totalCount }']])(
    'is never served from the cache, nor is its run: %s',
    async (fields) => {
      const failover = `{ failover(id: "Failover:dc-east:drill") { ${fields} } }`;
      const { cluster, gateway, held, reads } = await startDrill();
      held.status = 'kSuccess';
      await gateway.execute(failover);
      const [polls, before] = [cluster.polls().length, reads().length];
      expect([polls, before]).toEqual([1, 1]);
      await gateway.execute(failover);
      expect([cluster.polls().length, reads().length]).toEqual([2 * polls, 2 * before]);
    },
  );

  it('that is called off makes lists and records be read anew', async () => {
    const { cluster, gateway, held, states } = await startDrill();
    await states();
    cluster.plays.cancel = () => {
      held.status = 'kCanceled';
      return { status: 201 };
    };
    const { data } = await gateway.execute('mutation { cancelFailover(id: "Failover:dc-east:drill") { __typename } }');
    expect(data.cancelFailover).toEqual({ __typename: 'FailoverCancelRequested' });
    expect(await states()).toEqual(['CANCELED', 'CANCELED', 'CANCELED']);
  });
});
