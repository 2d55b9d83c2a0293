import { pino } from 'pino';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { createClient } from 'graphql-sse';
import { Kind, OperationTypeNode, parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { micros } from '../src/domain/micros.js';
import { readExamples } from '../src/edge/examples.js';
import { embedSandbox } from '../src/assembly/embedded.js';
import { type RunningServer, startServer } from '../src/assembly/server.js';
import { clock } from '../src/calling/clock.js';
import { patient } from './support/patient.js';
import {
  CancelFailoverDocument,
  CancelViewFailoverDocument,
  CopiesLiveDocument,
  FailedCopiesDocument,
  LastNightsFailuresDocument,
  OneAwsJobDocument,
  OneCopyRunDocument,
  OneObjectDocument,
  PlanFailoverDocument,
  PlanRetryDocument,
  PlanViewFailoverDocument,
  StartFailoverDocument,
  StartRetryDocument,
  StartViewFailoverDocument,
  TheUpstreamsDocument,
  WatchFailoverDocument,
  WatchViewFailoverDocument,
} from './generated/graphql.js';

describe('a comment of an example', () => {
  it.each(readExamples(clock()).map((text) => [text.split('\n')[0] ?? '', text]))(
    'fits into 45 columns, which is what GraphiQL shows of a line: %s',
    (_first, text) => {
      const comments = text.split('\n').filter((line) => line.trimStart().startsWith('#'));
      expect(comments.filter((line) => line.length > 45)).toEqual([]);
    },
  );
});

let server: RunningServer;
let closeSandbox: () => Promise<void>;

beforeAll(async () => {
  const sandbox = await embedSandbox();
  closeSandbox = sandbox.close;
  const config = patient(sandbox.config);
  server = await startServer({ ...config, server: { ...config.server, port: 0 } }, pino({ enabled: false }));
});

afterAll(async () => {
  await server.drain();
  await closeSandbox();
});

/** As a frontend sends it: what comes back has the document's type, and an error fails the test. */
const ask = async <Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  expect(errors).toBeUndefined();
  expect(response.status).toBe(200);
  return data;
};

/** The events of a subscription, over server-sent events; an error fails the test. */
const watch = async function* <Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): AsyncGenerator<Data, void, void> {
  const client = createClient({ url: `${server.url}/graphql`, retryAttempts: 0 });
  for await (const { data, errors } of client.iterate<Data>({ query: print(document), variables })) {
    expect(errors).toBeUndefined();
    if (data !== null && data !== undefined) yield data;
  }
};

/** The first of a list that must have one. */
const only = <T>(list: readonly T[] | undefined): T => {
  const [first] = list ?? [];
  if (first === undefined) throw new Error('the list is empty');
  return first;
};

const day = 24 * 3_600_000;

describe('the example queries, over HTTP and the sandbox', () => {
  it('tell what failed in the last day at either vendor, and why', async () => {
    const since = new Date(Date.now() - day).toISOString();
    const { copySummary, copyOperations } = await ask(LastNightsFailuresDocument, { since });
    const failures = copyOperations?.nodes ?? [];
    expect(new Set(failures.map(({ __typename }) => __typename))).toEqual(new Set(['CopyJob', 'CopyRun']));
    for (const failure of failures) {
      expect(['FAILED', 'PARTIAL']).toContain(failure.state);
      expect(failure.error).toMatch(/\w/);
      expect(failure.failureCategory).not.toBeNull();
      if (failure.endedAt !== null) expect(Date.now() - Date.parse(failure.endedAt)).toBeLessThan(day + 60_000);
    }
    expect(
      copyOperations?.upstreamReports.map(({ upstream, ok, complete, error }) => [upstream.name, ok, complete, error]),
    ).toEqual([
      ['sandbox-cohesity', true, true, null],
      ['sandbox-cohesity-dr', true, true, null],
      ['sandbox-aws', true, true, null],
    ]);
    const counted = copySummary?.groups.reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(copySummary?.total.count);
    expect(counted).toBeGreaterThan(10);
  });

  it('show one copy run with the task of each machine, its lock and its holds', async () => {
    const { copyRuns } = await ask(OneCopyRunDocument, {});
    const run = only(copyRuns?.nodes);
    expect(run.name).toBe('VM-Prod-Frankfurt-Gold');
    expect(run.id).toMatch(/^CopyRun:sandbox-cohesity:1001:/);
    expect(run.target).toMatchObject({ kind: 'ARCHIVAL', vaultName: 's3-archive-frankfurt' });
    expect([run.vaultType, run.offsite]).toEqual(['CLOUD', true]);
    expect(run.dataLockConstraints?.wormRetentionType).toBe('ADMINISTRATIVE');
    expect(run.legalHoldings.filter(({ holdForLegalPurpose }) => holdForLegalPurpose)).not.toEqual([]);
    expect(only(run.legalHoldings).protectionSource?.name).toBe('fra-erp-app-01');
    expect(run.protectionJob).toMatchObject({ name: 'VM-Prod-Frankfurt-Gold', environment: 'kVMware' });
    expect(run.protectionShell?.runType).toBe('REGULAR');
    expect(run.copySnapshotTasks?.totalCount).toBe(45);
    expect(run.copySnapshotTasks?.nodes.map(({ name }) => name)).toEqual(
      ['01', '02', '03', '04', '05'].map((number) => `fra-erp-app-${number}`),
    );
    expect(run.copySnapshotTasks?.pageInfo.hasNextPage).toBe(true);
  });

  it('take another job by variable', async () => {
    const { copyRuns } = await ask(OneCopyRunDocument, { job: 'SQL-Finance-Log' });
    expect(only(copyRuns?.nodes).name).toBe('SQL-Finance-Log');
  });

  it('show a composite AWS job with its children, each with its parent', async () => {
    const { copyJobs } = await ask(OneAwsJobDocument, {});
    const parent = only(copyJobs?.nodes);
    expect(parent).toMatchObject({ name: 'shop-stack', state: 'PARTIAL', numberOfChildJobs: '5' });
    expect(parent).toMatchObject({ target: { name: 'dr-prod' }, offsite: true, otherAccount: false });
    const children = parent.children?.nodes ?? [];
    expect(children.map(({ name }) => name).sort()).toEqual([
      'shop-assets',
      'shop-baskets',
      'shop-db',
      'shop-front',
      'shop-worker',
    ]);
    expect(new Set(children.map((child) => child.parent?.copyJobId))).toEqual(new Set([parent.copyJobId]));
    const worker = children.find(({ name }) => name === 'shop-worker');
    expect(worker).toMatchObject({ state: 'FAILED', failureCategory: 'ACCESS' });
    const counted = parent.childJobsInState?.reduce((sum, { count }) => sum + Number(count), 0);
    expect(counted).toBe(5);
  });

  it('show one object of each vendor with its copies, and how well it is copied', async () => {
    const { machine, database } = await ask(OneObjectDocument, {});
    const virtualMachine = only(machine?.nodes).protectedObject;
    expect(virtualMachine).toMatchObject({
      id: expect.stringMatching(/^ProtectedObject:sandbox-cohesity:\d+$/),
      name: 'fra-erp-app-07',
      source: { environment: 'kVMware', details: { name: 'fra-erp-app-07', type: 'kVirtualMachine' } },
      copyPosture: { sites: 3, offsite: true, immutable: true },
    });
    const places = virtualMachine?.copyTargets?.map(({ target }) => target.kind) ?? [];
    expect([...places].sort()).toEqual(['ARCHIVAL', 'LOCAL', 'REMOTE']);
    expect(virtualMachine?.copies?.totalCount).toBe(virtualMachine?.copies?.nodes.length);

    const rds = only(database?.nodes).protectedObject;
    expect(rds).toMatchObject({ name: 'orders-db', resourceType: 'RDS', upstream: { name: 'sandbox-aws' } });
    expect(rds?.copies?.nodes.map(({ target }) => target?.name)).toContain('dr-prod');
    expect(rds?.copyTargets?.length).toBeGreaterThan(1);
  });

  it('show each upstream, labelled as sandbox, and up', async () => {
    const { upstreams } = await ask(TheUpstreamsDocument, {});
    expect(upstreams).toMatchObject([
      { id: 'Upstream:sandbox-cohesity', kind: 'COHESITY', sandbox: true, clusterName: 'cohesity-fra-sandbox' },
      { id: 'Upstream:sandbox-cohesity-dr', kind: 'COHESITY', sandbox: true, clusterName: 'cohesity-dr-sandbox' },
      { id: 'Upstream:sandbox-aws', kind: 'AWS_BACKUP', sandbox: true, region: 'us-east-1' },
    ]);
    expect(upstreams.map(({ health }) => health?.status)).toEqual(['UP', 'UP', 'UP']);
  });

  it('tell of each copy that runs, and then what happens to it', async () => {
    const seen = new Map<string, string>();
    for await (const { copyOperationChanged: event } of watch(CopiesLiveDocument, {})) {
      expect(event.upstreamReports.map(({ ok }) => ok)).not.toContain(false);
      if (event.operation === null || event.operation === undefined) continue;
      const { id, state, name } = event.operation;
      expect(name).not.toBe('');
      if (event.change === 'SNAPSHOT') {
        expect([seen.has(id), event.previousState]).toEqual([false, null]);
        seen.set(id, state);
      } else {
        expect(event.previousState ?? undefined).toBe(seen.get(id)); // as it was reported before
        break;
      }
    }
    expect(seen.size).toBeGreaterThan(3);
  });

  // The last of them: it changes what the others read.
  it('plan a failover, start it once however often it is pressed, watch it and call it off', async () => {
    const plan = (await ask(PlanFailoverDocument, {})).failover;
    if (plan?.__typename !== 'FailoverPlan') throw new Error(`not a plan: ${JSON.stringify(plan)}`);
    expect(plan.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(plan.ok).toBe(true);
    expect((await ask(WatchFailoverDocument, {})).failover).toBeNull(); // a plan starts nothing

    const started = (await ask(StartFailoverDocument, {})).failover;
    expect(started).toMatchObject({
      __typename: 'FailoverAccepted',
      failover: { id: 'Failover:sandbox-cohesity:drill-1', requestedAt: expect.any(String) },
    });
    const again = (await ask(StartFailoverDocument, {})).failover;
    if (started?.__typename !== 'FailoverAccepted' || again?.__typename !== 'FailoverAccepted')
      throw new Error(`not accepted: ${JSON.stringify([started, again])}`);
    expect(again.failover.requestedAt).toBe(started.failover.requestedAt);

    // Four seconds at least pass before there is a run.
    const watched = (await ask(WatchFailoverDocument, {})).failover;
    expect(['REQUESTED', 'WAITING_FOR_CANCELLATIONS']).toContain(watched?.state);
    expect(watched).toMatchObject({ runId: null, run: null, copyRuns: null });
    expect((await ask(CancelFailoverDocument, {})).cancelFailover).toMatchObject({
      __typename: 'FailoverCancelRequested',
      failover: { state: 'CANCELED' },
    });
    expect((await ask(WatchFailoverDocument, {})).failover?.state).toBe('CANCELED');
  });
});

describe('the steps of a retry', () => {
  it.each(['CopyRun', 'CopyJob'])('make a %s of the sandbox again, once however often it is pressed', async (type) => {
    const { nodes } = (await ask(FailedCopiesDocument, {})).copyOperations ?? { nodes: [] };
    const ids = nodes.map(({ id }) => id).filter((id) => id.startsWith(`${type}:`));
    const plans = await Promise.all(
      ids.map(async (id, index) => {
        const variables = { id, key: `${type}-${index}` };
        return { variables, plan: (await ask(PlanRetryDocument, variables)).retryCopy };
      }),
    );
    const chosen = plans.find(({ plan }) => plan?.__typename === 'CopyRetryPlan' && plan.ok);
    if (chosen?.plan?.__typename !== 'CopyRetryPlan') throw new Error(`no plan is ok: ${JSON.stringify(plans)}`);
    const { planToken } = chosen.plan;
    const started = (await ask(StartRetryDocument, { ...chosen.variables, planToken })).retryCopy;
    const operation = { id: expect.stringContaining(`${type}:`), state: expect.stringMatching(/QUEUED|RUNNING/) };
    expect(started).toMatchObject({ __typename: 'CopyRetryAccepted', state: 'REQUESTED', operation });
    const again = (await ask(StartRetryDocument, { ...chosen.variables, planToken: null })).retryCopy;
    expect(again).toMatchObject({ state: 'REQUESTED', operation });
    const other = (await ask(PlanRetryDocument, { ...chosen.variables, key: 'other' })).retryCopy;
    expect(other).toMatchObject({ __typename: 'CopyRetryPlan', ok: false, planToken: null });
  });
});

describe('the steps of the failover of a view', () => {
  it('plan a PREPARE, send it once, list it, and stop it', async () => {
    const plan = (await ask(PlanViewFailoverDocument, {})).viewFailover;
    if (plan?.__typename !== 'ViewFailoverPlan') throw new Error(`no plan: ${JSON.stringify(plan)}`);
    expect(plan).toMatchObject({ ok: true, allowed: ['Prepare', 'Unplanned'] });
    const { planToken } = plan;
    for (const token of [planToken, null]) {
      const started = (await ask(StartViewFailoverDocument, { planToken: token })).viewFailover;
      expect(started).toMatchObject({ __typename: 'ViewFailoverAccepted', failover: { state: 'RUNNING' } });
    }
    expect((await ask(WatchViewFailoverDocument, {})).viewFailovers).toMatchObject([{ action: 'PREPARE' }]);
    const canceled = (await ask(CancelViewFailoverDocument, {})).cancelViewFailover;
    expect(canceled).toMatchObject({ __typename: 'ViewFailoverAccepted' });
  });
});

describe('the files of examples/queries', () => {
  const documents = readExamples(clock());

  const operationsOf = (text: string) =>
    parse(text).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? [definition] : [],
    );

  it('are eleven, each with a line that says what it answers; five hold one query, the seventh a subscription', () => {
    expect(documents).toHaveLength(11);
    for (const text of documents) expect(text).toMatch(/^# .+\?\n/);
    for (const text of documents.slice(0, 5)) {
      expect(operationsOf(text).map(({ operation }) => operation)).toEqual([OperationTypeNode.QUERY]);
    }
    const [, , , , , , seventh = ''] = documents;
    expect(operationsOf(seventh).map(({ operation }) => operation)).toEqual([OperationTypeNode.SUBSCRIPTION]);
  });

  it('ask since the hour 24 hours ago, whenever they are read', () => {
    const [first = ''] = readExamples(micros(Date.UTC(2024, 4, 8, 3, 59) * 1000));
    expect(first).toContain('$since: DateTime! = "2024-05-07T03:00:00.000Z"');
    expect(documents.filter((text) => text.includes('$since'))).toEqual([documents[0], documents[7]]);
  });

  it('name the steps of a failover in their order, and the first of them starts nothing', () => {
    const steps = operationsOf(documents[5] ?? '');
    const names = steps.map(({ name }) => name?.value ?? '');
    expect(names).toEqual(['PlanFailover', 'StartFailover', 'WatchFailover', 'CancelFailover']);
    const [head = ''] = (documents[5] ?? '').split('mutation');
    names.forEach((name, index) => expect(head).toContain(`# ${index + 1}. ${name} `));
    // GraphiQL runs the first one where nothing is chosen.
    expect(steps.map((step) => print(step).includes('dryRun: true'))).toEqual([true, false, false, false]);
  });

  it('share no name, so that they can be pasted together', () => {
    const names = documents.flatMap((text) =>
      parse(text).definitions.map((definition) => ('name' in definition ? definition.name?.value : undefined)),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain(undefined);
  });
});
