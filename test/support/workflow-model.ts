import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { PlannedRun } from '../../src/domain/failover.js';
import type { TakenStepName } from '../../src/domain/failover-step.js';
import { stepActions, stepOf } from '../../src/domain/failover-step.js';
import type { FailoverStepResult } from '../../src/domain/failover-workflow-result.js';
import { micros } from '../../src/domain/micros.js';
import type { ProtectionJob } from '../../src/domain/protection-job.js';
import type { ProtectionRun } from '../../src/domain/protection-run.js';
import { UpstreamError } from '../../src/domain/upstream-error.js';
import type { FailoverWorkflow } from '../../src/domain/workflow-of.js';
import { createAuditTrail } from '../../src/edge/audit.js';
import { acknowledgeFailoverStep } from '../../src/failover/acknowledge-step.js';
import { deactivateFailoverSource } from '../../src/failover/deactivate-source.js';
import { activateFailover, cancelFailoverWorkflow, linkFailoverObjects } from '../../src/failover/failover-steps.js';
import { type SharedGuard, createFailoverGuard } from '../../src/failover/guard.js';
import { initFailover } from '../../src/failover/init-failover.js';
import { createFailoverMemory } from '../../src/failover/memory.js';
import { type WorkflowContext, loadFailoverWorkflow } from '../../src/failover/workflow.js';
import { visibleClients } from '../../src/upstream/clients.js';
import type { FailoverWorkflowAbility } from '../../src/upstream/failover-workflow-ability.js';
import type { FailoverAbility, UpstreamClient } from '../../src/upstream/product.js';
import { type Fate, createLife, mortal, mortalShared } from './retry-model.js';

const HOME = 'dc-west';
const SOURCE = 'dc-east';
const GROUP = 'gold';
const requestTimeoutMs = 400;

/** The workflows: each has its objects, by their ids on the cluster that takes over. Both have 502. */
export const workflows = {
  planned: { kind: 'PLANNED', ids: [501n, 502n] },
  unplanned: { kind: 'UNPLANNED', ids: [502n, 503n] },
} as const;
export type WorkflowName = keyof typeof workflows;

/** A request that left for a cluster. Ids are those of the cluster that takes over. */
export interface WorkflowRequest {
  readonly step: TakenStepName;
  readonly workflow: WorkflowName;
  readonly ids: readonly bigint[];
  readonly at: string; // the upstream asked
  readonly fate: Fate;
  readonly faults: readonly string[]; // what was wrong when it left
}

const sourceOf = (id: bigint): bigint => id - 400n;
const now = () => micros(Date.now() * 1000);
const same = (one: readonly bigint[], other: readonly bigint[]): boolean =>
  [...one].sort().join() === [...other].sort().join();

/** Whether an audit file has the beginning of such a request. */
const isWritten = (
  folder: string,
  { step, workflow, ids }: Pick<WorkflowRequest, 'step' | 'workflow' | 'ids'>,
): boolean =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .some(
      ({ phase, action, key, objectIds }) =>
        phase === 'before' &&
        action === stepActions[step] &&
        key.split(':')[1] === workflow &&
        (step === 'CANCEL' || objectIds.length === ids.length),
    );

/** Both clusters. They take every request, so that only the gateway prevents one. */
export const createModelClusters = (fates: readonly Fate[], folder: string) => {
  const requests: WorkflowRequest[] = [];
  const denied = new Set<WorkflowRequest>(); // a person saw that they did not happen
  const state = { planned: 'none' as 'none' | 'succeeded' | 'failed' };
  let nth = 0;

  const isTaken = ({ fate }: WorkflowRequest): boolean => fate.startsWith('taken');
  const taken = (step: TakenStepName, workflow: WorkflowName) =>
    requests.filter((one) => one.step === step && one.workflow === workflow && isTaken(one));
  const covers = (step: TakenStepName, workflow: WorkflowName, ids: readonly bigint[]): boolean =>
    ids.every((id) => taken(step, workflow).some((one) => one.ids.includes(id)));
  const isOver = (workflow: WorkflowName, id: bigint): boolean =>
    taken('CANCEL', workflow).some(({ at }) => at === HOME) ||
    (covers('ACTIVATE', workflow, [id]) && covers('DEACTIVATE', workflow, [id]));

  const groundOf = (step: TakenStepName, workflow: WorkflowName, ids: readonly bigint[]): readonly string[] => {
    const isPlannedOk = workflows[workflow].kind === 'UNPLANNED' || state.planned === 'succeeded';
    const sent = requests.some(
      (one) => one.workflow === workflow && (one.step === 'ACTIVATE' || one.step === 'DEACTIVATE'),
    );
    const other = (Object.keys(workflows) as WorkflowName[]).find((name) => name !== workflow);
    const holders = (id: bigint): boolean => other !== undefined && covers('INIT', other, [id]) && !isOver(other, id);
    const isOpen = taken('INIT', workflow).length > 0;
    const isCanceled = taken('CANCEL', workflow).length > 0;
    const wrong: Readonly<Record<TakenStepName, readonly (readonly [boolean, string])[]>> = {
      INIT: [[ids.some(holders), 'for an object that another workflow holds']],
      LINK: [
        [!isOpen || isCanceled, 'without an open workflow'],
        [!isPlannedOk, 'before the planned run succeeded'],
        [ids.some((id) => covers('LINK', workflow, [id])), 'for an object that is linked'],
      ],
      ACTIVATE: [
        [!isPlannedOk, 'before the planned run succeeded'],
        [!covers('LINK', workflow, ids) || isCanceled, 'before the links'],
        [ids.some((id) => covers('ACTIVATE', workflow, [id])), 'for an object that is activated'],
      ],
      DEACTIVATE: [
        [!covers('ACTIVATE', workflow, ids), 'before the activation'],
        [ids.some((id) => covers('DEACTIVATE', workflow, [id])), 'for an object that is deactivated'],
      ],
      CANCEL: [[!isOpen || sent, 'without an open workflow, or after an activation']],
    };
    return wrong[step].flatMap(([isWrong, what]) => (isWrong ? [`${step} of ${workflow} ${what}`] : []));
  };

  const repeated = (one: Pick<WorkflowRequest, 'step' | 'workflow' | 'ids' | 'at'>): boolean =>
    requests.some(
      (before) =>
        before.step === one.step &&
        before.workflow === one.workflow &&
        before.at === one.at &&
        same(before.ids, one.ids) &&
        before.fate !== 'refused' &&
        !denied.has(before),
    );

  /** Any lost answer of the workflow that nobody has judged. */
  const isUnjudged = (workflow: WorkflowName): boolean =>
    requests.some((one) => one.workflow === workflow && one.fate === 'not taken, answer lost' && !denied.has(one));

  const send = (step: TakenStepName, workflow: WorkflowName, ids: readonly bigint[], at: string): void => {
    const fate = fates[nth % fates.length] ?? 'taken';
    nth += 1;
    if (fate === 'not sent') throw new UpstreamError(at, 'unavailable', 'not sent', { sent: false });
    const one = { step, workflow, ids, at };
    const faults = [
      ...groundOf(step, workflow, ids),
      ...(repeated(one) ? [`${step} of ${workflow} a second time`] : []),
      ...(isUnjudged(workflow) ? [`${step} of ${workflow} while an answer is lost`] : []),
      ...(isWritten(folder, one) ? [] : [`${step} of ${workflow} that no file has`]),
    ];
    requests.push({ ...one, fate, faults });
    if (fate === 'refused') throw new UpstreamError(at, 'rejected', 'no', { status: 400 });
    if (fate !== 'taken') throw new UpstreamError(at, 'unavailable', 'lost');
  };

  return {
    requests,
    state,
    send,
    covers,
    isDenied: (one: WorkflowRequest): boolean => denied.has(one),
    /** The truth in the console: whether the last such request was taken. Remembers a "no". */
    judge: (step: TakenStepName, workflow: WorkflowName, ids: readonly bigint[], at: string): boolean => {
      const of = requests.filter(
        (one) => one.step === step && one.workflow === workflow && one.at === at && same(one.ids, ids),
      );
      const last = of.at(-1);
      const happened = last !== undefined && isTaken(last);
      if (!happened) for (const one of of) denied.add(one);
      return happened;
    },
  };
};

export type ModelClusters = ReturnType<typeof createModelClusters>;

interface Places {
  readonly file: string;
  readonly shared: SharedGuard | null;
  readonly tokens: Map<string, string>;
}

const upstreamOf = (name: string): Pick<UpstreamClient, 'upstream' | 'health' | 'copies' | 'live'> => ({
  upstream: { __typename: 'Upstream', id: name, name, kind: 'MODEL', sandbox: false, region: null },
  health: () => ({ status: 'UP', latencyMs: null, lastSuccessAt: null, lastError: null, circuit: 'CLOSED' }),
  copies: () => null,
  live: () => [],
});

const group = { jobId: 7n, upstream: HOME, name: GROUP, uid: null, isDeleted: false, sourceIds: [501n, 502n, 503n] };

/** A run of the group with one copy to a target of that kind. */
const runWith = (kind: 'LOCAL' | 'REMOTE', state: string): ProtectionRun =>
  ({
    startedAt: now(),
    shell: { state, error: null },
    copyRuns: [{ target: { kind, clusterId: 2n }, state, error: null, snapshotDeleted: false, expiresAt: null }],
  }) as unknown as ProtectionRun; // the few members that the checks read

const failoverAt = (model: ModelClusters, home: boolean): FailoverAbility =>
  ({
    jobs: async () => [group as unknown as ProtectionJob], // the few members that the checks read
    runs: async () => [runWith('LOCAL', 'SUCCEEDED')],
    run: async () => runWith('REMOTE', model.state.planned === 'failed' ? 'FAILED' : 'SUCCEEDED'),
    planned: async (_session: unknown, key: string): Promise<PlannedRun | null> =>
      home || model.state.planned === 'none'
        ? null
        : {
            failoverId: key,
            runId: '7:1',
            waitingOnOtherRunCancellations: false,
            backupState: 'SUCCEEDED',
            observedAt: now(),
          },
  }) as unknown as FailoverAbility; // nobody starts or cancels a planned run here

/** One process in front of both clusters; when it dies, its file is left, and what others share. */
export const startWorkflowReplica = (model: ModelClusters, { file, shared, tokens }: Places) => {
  const life = createLife();
  const { step } = life;
  const trail = createAuditTrail({ logger: pino({ level: 'silent' }), file });
  const leased = shared && {
    ...mortalShared(shared, step),
    exclusive: {
      acquire: async (...given: Parameters<SharedGuard['exclusive']['acquire']>) => {
        const turn = await shared.exclusive.acquire(...given);
        // The lease of a dead process runs out, after everything that it sent.
        if (turn.kind === 'held') void life.death.then(() => turn.release());
        return turn;
      },
    },
  };
  const guard = createFailoverGuard(mortal(trail, step), leased, createFailoverMemory());
  const ability = (at: string): FailoverWorkflowAbility => {
    const send = (name: TakenStepName, key: string, ids: readonly bigint[]): Promise<void> =>
      step(async () => model.send(name, key as WorkflowName, ids, at));
    return {
      init: async (key, { objectIds }) => {
        await send('INIT', key, objectIds);
        const pairs = objectIds.map((id) => ({ replicaObjectId: id, sourceObjectId: sourceOf(id) }));
        return { pairs, source: null };
      },
      link: (key, links) =>
        send(
          'LINK',
          key,
          links.map(({ replicaObjectId }) => replicaObjectId),
        ),
      activate: async (key, { objectIds }) => {
        await send('ACTIVATE', key, objectIds);
        return { protectionGroupId: null, objectIds: null, reverseReplication: null, objectErrors: [] };
      },
      deactivate: (key, { objectIds }) =>
        send(
          'DEACTIVATE',
          key,
          objectIds.map((id) => id + 400n),
        ),
      cancel: (key) => send('CANCEL', key, []),
    };
  };
  const clientFor = (name: string, clusterId: bigint): UpstreamClient => ({
    ...upstreamOf(name),
    identityNow: () => Promise.resolve(`cluster ${clusterId}`),
    ownId: () => Promise.resolve(clusterId),
    failover: failoverAt(model, name === HOME),
    failoverWorkflow: ability(name),
  });
  const context = (): WorkflowContext => ({
    session: {
      clients: visibleClients(
        new Map([
          [HOME, clientFor(HOME, 2n)],
          [SOURCE, clientFor(SOURCE, 1n)],
        ]),
        null,
      ),
      call: {},
      base: null,
    },
    failoverGuard: guard,
    now: now(),
    limits: { maxPageSize: 10, lookBackHours: 1, maxGroups: 10, requestTimeoutMs },
    workflow: { enabled: true, twoPerson: false },
    principal: { name: 'model', scopes: new Set(), upstreams: null, expiresAt: null },
    call: {},
  });
  const place = (workflow: WorkflowName) => ({ upstream: HOME, failoverId: workflow });
  const confirmed = { confirmName: GROUP, acceptDataLossSeconds: 3600 };
  const ask = (
    name: TakenStepName,
    workflow: WorkflowName,
    { ids, at, ...planning }: { ids: readonly bigint[]; at: string; dryRun: boolean; planToken: string | null },
  ): Promise<FailoverStepResult> => {
    const given = { ...place(workflow), ...planning, ...confirmed, protectionGroupId: null };
    const orders: Readonly<Record<TakenStepName, () => Promise<FailoverStepResult>>> = {
      INIT: () =>
        initFailover(context(), {
          ...{ ...given, replica: HOME, sourceClusterId: 1n, environment: null, objectIds: workflows[workflow].ids },
          ...{ kind: workflows[workflow].kind, reason: 'drill', sourceIsAlive: true, idempotencyKey: workflow },
        }),
      LINK: () =>
        linkFailoverObjects(context(), {
          ...given,
          links: ids.map((id) => ({ replicaObjectId: id, recoveredObjectId: id + 9000n })),
        }),
      ACTIVATE: () =>
        activateFailover(context(), {
          ...{ ...given, objectIds: ids, enableReverseReplication: false, policyId: null },
          ...{ environment: null, doNotProtect: null, createObjectBackup: null },
        }),
      DEACTIVATE: () =>
        deactivateFailoverSource(context(), { ...given, objectIds: ids.map(sourceOf), keepObjects: true }),
      CANCEL: () => cancelFailoverWorkflow(context(), { ...given, asked: at }),
    };
    return orders[name]();
  };
  const alive = <T>(work: () => Promise<T>): Promise<T | 'dead' | 'outage'> =>
    Promise.race([work(), life.death]).catch((error: unknown) => {
      if (error instanceof UpstreamError) return 'outage' as const;
      throw error;
    });
  const load = (workflow: WorkflowName): Promise<FailoverWorkflow | null> =>
    loadFailoverWorkflow(context(), place(workflow));
  return {
    life,
    load,
    /** Plans, and sends with the newest token that a plan of the step gave, however that has turned out since. */
    take: (name: TakenStepName, workflow: WorkflowName, ids: readonly bigint[], at: string) =>
      alive(async () => {
        const key = [name, workflow, ids.join(), at].join(' ');
        const plan = await ask(name, workflow, { ids, at, dryRun: true, planToken: null });
        if (plan.__typename === 'FailoverStepPlan' && plan.planToken !== null) tokens.set(key, plan.planToken);
        return ask(name, workflow, { ids, at, dryRun: false, planToken: tokens.get(key) ?? null });
      }),
    /** Lets a person judge the first lost answer of a step, by the truth. */
    acknowledge: (name: TakenStepName, workflow: WorkflowName) =>
      alive(async () => {
        const lost = (await load(workflow))?.attempts.find(
          (one) => one.name === name && stepOf(one, now(), requestTimeoutMs * 1000).state === 'UNCONFIRMED',
        );
        if (lost === undefined) return null;
        const { attempt } = lost;
        const ids = attempt.objectIds.map((id) => BigInt(id) + (name === 'DEACTIVATE' ? 400n : 0n));
        const happened = model.judge(name, workflow, ids, attempt.sentTo ?? attempt.upstream);
        return acknowledgeFailoverStep(context(), { ...place(workflow), step: name, happened, note: 'seen' });
      }),
  };
};
