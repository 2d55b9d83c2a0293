import { pino } from 'pino';
import { micros } from '../../src/domain/micros.js';
import { UpstreamError } from '../../src/domain/upstream-error.js';
import type { ListedViewFailover, ViewFailover, ViewFailoverAction } from '../../src/domain/view-failover.js';
import type { ViewFailoverResult } from '../../src/domain/view-failover-result.js';
import { createAuditTrail } from '../../src/edge/audit.js';
import { type SharedGuard, createFailoverGuard } from '../../src/failover/guard.js';
import { createFailoverMemory } from '../../src/failover/memory.js';
import type { MutationContext } from '../../src/failover/mutation-context.js';
import { viewFailover } from '../../src/failover/view-failover.js';
import { loadViewFailover } from '../../src/failover/view-failovers.js';
import { visibleClients } from '../../src/upstream/clients.js';
import type { UpstreamClient } from '../../src/upstream/product.js';
import type { ViewFailoverAbility } from '../../src/upstream/view-failover-ability.js';
import { type Fate, createLife, isWritten, mortal, mortalShared } from './retry-model.js';

/** One request for a step that left for the cluster. */
export interface ViewRequest {
  readonly key: string;
  readonly action: ViewFailoverAction;
  readonly fate: Fate;
  readonly madeId: string | null; // of what it was taken on as
  readonly written: boolean; // whether an audit file had it, and not that it came to nothing, when it left
  readonly rival: boolean; // whether an earlier one may have been under way, as far as anyone could see
  readonly grounded: boolean; // whether a FINALIZE came upon a PREPARE that had succeeded
}

const upstream = 'dc-west';
const viewId = 31n;
const NAME = 'finance-share';
/** The gateway searches for a lost answer for about a third of this time. */
const requestTimeoutMs = 600;

/** The step that a key means, for good. */
export const actionOfKey = (key: string): ViewFailoverAction => (key.startsWith('p') ? 'PREPARE' : 'FINALIZE');

const nowMicros = () => micros(Date.now() * 1000);

/** A cluster that takes a view over. It allows every step at any time, so that only the gateway prevents one. */
export const createModelCluster = (fates: readonly Fate[], folder: string) => {
  let listed: readonly ListedViewFailover[] = [];
  const actions = new Map<string, ViewFailoverAction>(); // of what it has taken on
  const requests: ViewRequest[] = [];
  let nth = 0;

  const newest = () => listed.at(-1);
  const take = (action: ViewFailoverAction): ListedViewFailover => {
    const made: ListedViewFailover = {
      failoverId: `9:9:${listed.length + 1}`,
      kind: 'PLANNED',
      state: 'RUNNING',
      upstreamState: 'Running',
      error: null,
      startedAt: micros(nowMicros() + listed.length), // no two at once
      endedAt: null,
      replications: [],
    };
    listed = [...listed, made];
    actions.set(made.failoverId, action);
    return made;
  };
  const settle = (state: 'SUCCEEDED' | 'FAILED'): void => {
    const ended = { state, endedAt: nowMicros() };
    const replication = { replicationId: null, targetClusterId: null, targetClusterName: null, upstreamState: null };
    const counts = { progress: 1, sizeBytes: null, transferredBytes: null, physicalTransferredBytes: null };
    const done = { ...replication, ...counts, ...ended, startedAt: null, error: null };
    listed = listed.map((one) => (one.state === 'RUNNING' ? { ...one, ...ended, replications: [done] } : one));
  };
  const send = async (key: string, action: ViewFailoverAction): Promise<ListedViewFailover> => {
    const fate = fates[nth % fates.length] ?? 'taken';
    nth += 1;
    if (fate === 'not sent') throw new UpstreamError(upstream, 'unavailable', 'not sent', { sent: false });
    const last = newest();
    const isPrepared = last?.state === 'SUCCEEDED' && actions.get(last.failoverId) === 'PREPARE';
    const wasLost = requests.some((one) => one.fate === 'not taken, answer lost');
    const before = {
      key,
      action,
      fate,
      written: isWritten(folder, `viewFailover:${key}`),
      rival: wasLost || last?.state === 'RUNNING',
      grounded: action === 'PREPARE' || isPrepared,
    };
    const made = fate.startsWith('taken') ? take(action) : null;
    requests.push({ ...before, madeId: made?.failoverId ?? null });
    if (fate === 'refused') throw new UpstreamError(upstream, 'rejected', 'no', { status: 400 });
    if (made === null || fate !== 'taken') throw new UpstreamError(upstream, 'unavailable', 'lost');
    return made;
  };
  return { requests, send, settle, list: async () => listed };
};

export type ModelCluster = ReturnType<typeof createModelCluster>;

interface Places {
  readonly file: string;
  readonly shared: SharedGuard | null;
  readonly tokens: Map<string, string>;
}

/** One process in front of the cluster; when it dies, its file is left, and what others share. */
export const startViewReplica = (model: ModelCluster, { file, shared, tokens }: Places) => {
  const life = createLife();
  const { step } = life;
  const trail = createAuditTrail({ logger: pino({ level: 'silent' }), file });
  const guard = createFailoverGuard(mortal(trail, step), shared && mortalShared(shared, step), createFailoverMemory());
  const abilityFor = (key: string): ViewFailoverAbility => ({
    withoutOperations: false,
    view: async () => ({ viewId, name: NAME, groupIds: [] }),
    operations: async () => ['Prepare', 'Finalize', 'Unplanned', 'Cancel'],
    list: model.list,
    start: (_viewId, { action }) => step(() => model.send(key, action)),
    cancel: () => Promise.reject(new Error('nobody cancels here')),
  });
  const clientFor = (key: string): UpstreamClient => ({
    upstream: { __typename: 'Upstream', id: upstream, name: upstream, kind: 'MODEL', sandbox: false, region: null },
    health: () => ({ status: 'UP', latencyMs: null, lastSuccessAt: null, lastError: null, circuit: 'CLOSED' }),
    copies: () => null,
    live: () => [],
    identityNow: () => Promise.resolve('cluster 1'),
    viewFailover: abilityFor(key),
  });
  const contextFor = (key: string): MutationContext => ({
    session: { clients: visibleClients(new Map([[upstream, clientFor(key)]]), null), call: {}, base: null },
    failoverGuard: guard,
    now: nowMicros(),
    limits: { maxPageSize: 10, lookBackHours: 1, maxGroups: 10, requestTimeoutMs },
    principal: { name: 'model', scopes: new Set(), upstreams: null, expiresAt: null },
    call: {},
  });
  const ask = (key: string, dryRun: boolean, planToken: string | null): Promise<ViewFailoverResult> =>
    viewFailover(contextFor(key), {
      upstream,
      viewId,
      action: actionOfKey(key),
      reverseReplication: null,
      idempotencyKey: key,
      confirmName: NAME,
      acceptDataLossSeconds: 3600,
      sourceIsAlive: false,
      dryRun,
      planToken,
    });
  const alive = <T>(work: () => Promise<T>): Promise<T | 'dead' | 'outage'> =>
    Promise.race([work(), life.death]).catch((error: unknown) => {
      if (error instanceof UpstreamError) return 'outage' as const;
      throw error;
    });
  const plan = async (key: string): Promise<void> => {
    const found = await ask(key, true, null);
    if (found.__typename === 'ViewFailoverPlan' && found.planToken !== null) tokens.set(key, found.planToken);
  };
  return {
    life,
    /** Plans, and presses with the newest token that a plan of the key gave, however that has turned out since. */
    press: (key: string): Promise<ViewFailoverResult | 'dead' | 'outage'> =>
      alive(async () => {
        await plan(key);
        return ask(key, false, tokens.get(key) ?? null);
      }),
    load: (key: string): Promise<ViewFailover | null> =>
      loadViewFailover(contextFor(key), upstream, [viewId.toString(), key]),
  };
};
