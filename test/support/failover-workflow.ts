import type { UpstreamInput } from '../../src/assembly/config.js';
import { answerCohesity } from './cohesity.js';
import { closing } from './closing.js';
import { auditFile } from './failover.js';
import { type Fake, type Reply, type Seen, startFake } from './fake.js';
import { type Answer, type Gateway, type GatewayOptions, startGateway } from './gateway.js';
import { type Wire, wireCopyRun, wireRun } from './wire.js';

export const EAST = 8621173906188849;
export const WEST = 7777777777777777;
export const WORKFLOW = 'drill-1';
export const ID = `FailoverWorkflow:dc-west:${WORKFLOW}`;
/** The group's name on the cluster that takes over, and on the source. */
export const GROUP = 'Gold (replica)';
export const SOURCE_GROUP = 'Gold';
const ROOT = '/v2/data-protect/failover';
const group = { clusterId: EAST, clusterIncarnationId: 1538852526333, id: 7 };
export const groupId = [group.clusterId, group.clusterIncarnationId, group.id].join(':');

/** The objects: a replica, and the source of each. */
export const pairs = [
  { replicaObjectId: 501, sourceObjectId: 101 },
  { replicaObjectId: 502, sourceObjectId: 102 },
] as const;

const secondsAgo = (seconds: number): number => (Date.now() - seconds * 1000) * 1000;

/** A request of a step, and what the cluster can do with it. */
export interface Ordered {
  readonly seen: Seen;
  /** The cluster's usual answer. */
  accept(): Reply;
  /** Closes the connection without a word. */
  drop(): Reply;
}

export type Request =
  'init' | 'planned-run' | 'object-linkage' | 'backup-activation' | 'backup-deactivation' | 'cancel';
type Handler = (ordered: Ordered) => Reply | Promise<Reply>;

const requestOf = ({ method, path }: Seen): Request | null => {
  const [, last] = new RegExp(`^${ROOT}/[^/]+(?:/([a-z-]+))?$`).exec(path) ?? [];
  return method !== 'POST' || !path.startsWith(`${ROOT}/`) ? null : ((last ?? 'init') as Request);
};

export interface WorkflowCluster extends Fake {
  readonly plays: Partial<Record<Request, Handler>> & { gate?: (seen: Seen) => Reply | undefined };
  readonly holds: { cluster: Wire; jobs: readonly Wire[]; runs: readonly Wire[]; planned: readonly Wire[] };
  readonly upstream: UpstreamInput;
  /** The requests of one kind, or all of them. */
  posts(request?: Request): readonly Seen[];
}

const answers: Readonly<Record<Request, (seen: Seen) => Reply>> = {
  init: () => ({
    status: 201,
    body: {
      replicaToSourceObjects: pairs,
      sourceClusterInfo: { id: EAST, incarnationId: group.clusterIncarnationId, protectionGroupId: groupId },
    },
  }),
  'planned-run': () => ({ status: 201, body: { failoverId: WORKFLOW } }),
  'object-linkage': () => ({ status: 201 }),
  'backup-activation': ({ body }) => ({
    status: 201,
    body: { protectionGroupId: `${WEST}:1:9`, objects: JSON.parse(body).objects, objectErrors: [] },
  }),
  'backup-deactivation': () => ({ status: 201 }),
  cancel: () => ({ status: 201 }),
};

const startCluster = async (id: string, holds: WorkflowCluster['holds']): Promise<WorkflowCluster> => {
  const plays: WorkflowCluster['plays'] = {};
  const fake = closing(
    await startFake((seen, { response }) => {
      const stopped = plays.gate?.(seen);
      if (stopped !== undefined) return stopped;
      const drop = (): Reply => {
        response.socket?.destroy();
        return null;
      };
      const request = requestOf(seen);
      if (request !== null) {
        const accept = (): Reply => answers[request](seen);
        return (plays[request] ?? accept)({ seen, accept, drop });
      }
      if (seen.path === `${ROOT}/planned-runs`) return { body: { failoverPlannedRuns: holds.planned } };
      return answerCohesity({ runs: holds.runs, jobs: holds.jobs, cluster: holds.cluster })(seen);
    }),
  );
  return {
    ...fake,
    plays,
    holds,
    upstream: { id, kind: 'cohesity', url: fake.url, auth: { apiKey: 'key' } },
    posts: (wanted) =>
      fake.seen.filter((seen) => requestOf(seen) !== null && (wanted ?? requestOf(seen)) === requestOf(seen)),
  };
};

/** The cluster that takes over: it has the inactive group, and a run of it that is ten minutes old. */
export const startReplica = (): Promise<WorkflowCluster> => {
  const startTimeUsecs = secondsAgo(600);
  const run = wireRun({
    jobId: 5007,
    jobUid: group,
    backupRun: { jobRunId: 1, runType: 'kRegular', status: 'kSuccess', stats: { startTimeUsecs } },
    copyRun: [wireCopyRun(501, { target: { type: 'kLocal' }, runStartTimeUsecs: startTimeUsecs })],
  });
  return startCluster('dc-west', {
    cluster: { id: WEST, name: 'west' },
    jobs: [{ id: 5007, uid: group, name: GROUP, isActive: false, sourceIds: [501, 502] }],
    runs: [run],
    planned: [],
  });
};

/** The source, which has the active group. */
export const startSource = (): Promise<WorkflowCluster> =>
  startCluster('dc-east', {
    cluster: { id: EAST, name: 'east' },
    jobs: [{ id: 7, uid: group, name: SOURCE_GROUP, isActive: true, sourceIds: [101, 102] }],
    runs: [],
    planned: [],
  });

/** Lets the planned run of the workflow succeed: its backup, and the copy to the cluster that takes over. */
export const succeedPlannedRun = ({ holds }: WorkflowCluster, status = 'kSuccess', clusterId = WEST): void => {
  const startTimeUsecs = secondsAgo(60);
  const target = { type: 'kRemote', replicationTarget: { clusterId, clusterName: 'west' } };
  holds.planned = [{ failoverId: WORKFLOW, runId: `7:${startTimeUsecs}`, backupTaskStatus: 'Succeeded' }];
  holds.runs = [
    wireRun({
      jobUid: group,
      backupRun: {
        jobRunId: 9,
        runType: 'kRegular',
        status: 'kSuccess',
        stats: { startTimeUsecs, endTimeUsecs: startTimeUsecs + 1_000_000 },
      },
      copyRun: [wireCopyRun(901, { status, target, runStartTimeUsecs: startTimeUsecs })],
    }),
  ];
};

export const startWorkflowGateway = async (
  upstreams: readonly UpstreamInput[],
  options: Partial<GatewayOptions> = {},
): Promise<Gateway> =>
  closing(
    await startGateway({
      upstreams,
      audit: { file: auditFile().file },
      experimental: { failoverWorkflow: true },
      ...options,
    }),
  );

/** Both clusters, and a gateway before them. */
export const begin = async (options: Partial<GatewayOptions> = {}) => {
  const [west, east] = [await startReplica(), await startSource()];
  const { file } = auditFile();
  const start = (more: Partial<GatewayOptions> = {}) =>
    startWorkflowGateway([west.upstream, east.upstream], { audit: { file }, ...options, ...more });
  return { west, east, file, start, gateway: await start() };
};

export const workflowFields = `id failoverId kind reason source { name } replica { name } nextSteps activatedGroupId
  objects { sourceObjectId replicaObjectId recoveredObjectId activated error }
  steps { name state evidence message upstream { name } requestedAt answeredAt }
  reverseReplication { enabled error } plannedRun { id state }`;

const resultFields = `__typename
  ... on FailoverStepTaken { step { name state evidence message } workflow { ${workflowFields} } }
  ... on FailoverStepPlan { ok dataAgeSeconds planToken checks { name ok detail } }
  ... on UserError { message code path }
  ... on FailoverRejected { errorCode }`;

const inputTypes = {
  initFailover: 'InitFailoverInput',
  linkFailoverObjects: 'LinkFailoverObjectsInput',
  activateFailover: 'ActivateFailoverInput',
  deactivateFailoverSource: 'DeactivateFailoverInput',
  cancelFailoverWorkflow: 'CancelFailoverWorkflowInput',
  acknowledgeFailoverStep: 'AcknowledgeFailoverStepInput',
} as const;
export type Mutation = keyof typeof inputTypes;

const objectsOf = (ids: readonly number[]) => ids.map((objectId) => ({ objectId: String(objectId) }));

/** A valid input of each mutation; members from the test win. */
const usual: Readonly<Record<Mutation, Wire>> = {
  initFailover: {
    replica: 'dc-west',
    sourceClusterId: String(EAST),
    objects: objectsOf([501, 502]),
    kind: 'PLANNED',
    idempotencyKey: WORKFLOW,
  },
  linkFailoverObjects: {
    workflow: ID,
    links: [
      { replicaObjectId: '501', recoveredObjectId: '9501' },
      { replicaObjectId: '502', recoveredObjectId: '9502' },
    ],
  },
  activateFailover: {
    workflow: ID,
    objects: objectsOf([501, 502]),
    confirmName: GROUP,
    acceptDataLossSeconds: 3600,
  },
  deactivateFailoverSource: { workflow: ID, objects: objectsOf([101, 102]) },
  cancelFailoverWorkflow: { workflow: ID, upstream: 'dc-west' },
  acknowledgeFailoverStep: { workflow: ID, step: 'LINK', happened: true, note: 'seen in the console' },
};
export const unplanned = {
  kind: 'UNPLANNED',
  reason: 'the hall is under water',
  confirmName: GROUP,
  acceptDataLossSeconds: 3600,
  sourceIsAlive: true,
};
export const named = (...ids: readonly number[]) => ({ objects: objectsOf(ids) });
export const link = (...ids: readonly number[]) => ({
  links: ids.map((id) => ({ replicaObjectId: String(id), recoveredObjectId: String(9000 + id) })),
});

export interface Taken {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
  readonly result: any;
  readonly errors: Answer<unknown>['errors'];
}

type Headers = Readonly<Record<string, string>>;

export const take = async (
  { execute }: Gateway,
  mutation: Mutation,
  members: Wire = {},
  headers: Headers = {},
): Promise<Taken> => {
  const query = `mutation ($input: ${inputTypes[mutation]}!) { result: ${mutation}(input: $input) { ${resultFields} } }`;
  const { data, errors } = await execute(query, { input: { ...usual[mutation], ...members } }, headers);
  return { result: data?.result, errors };
};

/** Plans a step, and takes it with the token that the plan has. */
export const planAndTake = async (
  gateway: Gateway,
  mutation: Mutation,
  members: Wire = {},
  headers: Headers = {},
): Promise<Taken> => {
  const plan = await take(gateway, mutation, { ...members, dryRun: true }, headers);
  return take(gateway, mutation, { ...members, planToken: plan.result?.planToken ?? null }, headers);
};

/** The gist of an answer: the state of the step, or the code of a refusal or error. */
export const gistOf = ({ result, errors }: Taken): string =>
  errors[0]?.extensions.code ?? `${result.__typename} ${result.step?.state ?? result.code ?? result.ok}`;

export const notOk = ({ result }: Taken): readonly string[] =>
  result.checks.filter(({ ok }: { readonly ok: boolean }) => !ok).map(({ name }: { readonly name: string }) => name);

export const readWorkflow = async ({ execute }: Gateway, id = ID, headers: Headers = {}) => {
  const query = `query ($id: ID!) { failoverWorkflow(id: $id) { ${workflowFields} } }`;
  const { data, errors } = await execute(query, { id }, headers);
  return { workflow: data?.failoverWorkflow, errors };
};

/** The state of each step, by name. */
export const statesOf = async (gateway: Gateway): Promise<Readonly<Record<string, string>>> => {
  const { workflow } = await readWorkflow(gateway);
  return Object.fromEntries(
    workflow.steps.map(({ name, state }: { readonly name: string; readonly state: string }) => [name, state]),
  );
};

/** Takes an unplanned workflow as far as its links. */
export const openUnplanned = async (gateway: Gateway, members: Wire = {}): Promise<void> => {
  await planAndTake(gateway, 'initFailover', { ...unplanned, ...members });
  await planAndTake(gateway, 'linkFailoverObjects');
};
