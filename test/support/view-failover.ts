import type { ServerResponse } from 'node:http';
import type { UpstreamInput } from '../../src/assembly/config.js';
import { answerCohesity } from './cohesity.js';
import { closing } from './closing.js';
import { auditFile } from './failover.js';
import { type Fake, type Reply, type Seen, startFake } from './fake.js';
import { type Answer, type Gateway, type GatewayOptions, startGateway } from './gateway.js';
import { type Wire, wireCopyRun, wireRun } from './wire.js';

export const KEY = 'views-1';
export const VIEW = '31';
/** The view's name, as both clusters have it. */
export const NAME = 'finance-share';
const ROOT = `/v2/data-protect/failover/views/${VIEW}`;

const [EAST, WEST] = [8621173906188849, 7777777777777777];
const group = { clusterId: EAST, clusterIncarnationId: 1538852526333, id: 7 };

const secondsAgo = (seconds: number): number => (Date.now() - seconds * 1000) * 1000;

/** A run of the view's group as the cluster that takes over has it, and its copy there. */
export const replicaRun = (startedSecondsAgo: number, status = 'kSuccess'): Wire => {
  const startTimeUsecs = secondsAgo(startedSecondsAgo);
  return wireRun({
    jobId: 5007,
    jobUid: group,
    backupRun: { jobRunId: 1, runType: 'kRegular', status: 'kSuccess', stats: { startTimeUsecs } },
    copyRun: [wireCopyRun(501, { status, target: { type: 'kLocal' }, runStartTimeUsecs: startTimeUsecs })],
  });
};

/** A failover in the list; members from the test win. */
export const listedFailover = (id: string, members: Wire = {}): Wire => ({
  id,
  type: 'Planned',
  status: 'Running',
  startTimeUsecs: secondsAgo(0),
  replications: [],
  ...members,
});

/** One that has ended well, with a replication that ended so long ago. */
export const endedFailover = (id: string, endedSecondsAgo: number, members: Wire = {}): Wire => {
  const times = { startTimeUsecs: secondsAgo(endedSecondsAgo + 60), endTimeUsecs: secondsAgo(endedSecondsAgo) };
  return listedFailover(id, {
    ...times,
    status: 'Succeeded',
    replications: [{ id: `${id}-r`, status: 'Succeeded', percentageCompleted: 100, ...times }],
    ...members,
  });
};

/** A request that has reached the cluster and changes something, and what it can do with it. */
export interface Ordered {
  readonly seen: Seen;
  readonly nth: number; // of its kind, from 1
  readonly response: ServerResponse;
  /** Takes it on, so that the list has it from now on; the answer that goes with it. */
  accept(): Reply;
  /** Closes the connection without a word. */
  drop(): Reply;
}

type Handler = (ordered: Ordered) => Reply | Promise<Reply>;

/** The cluster that takes over. Its content may change while it answers. */
export interface ViewCluster extends Fake {
  readonly holds: {
    view: Wire | null;
    operations: readonly string[] | null; // null: it has no such read
    failovers: Wire[];
    runs: readonly Wire[];
    jobs: readonly Wire[];
    cluster: Wire;
  };
  readonly plays: { post: Handler; cancel: Handler; gate: (seen: Seen) => Reply | undefined };
  readonly upstream: UpstreamInput;
  posts(): readonly Seen[];
  cancels(): readonly Seen[];
}

const isPost = ({ method, path }: Seen): boolean => method === 'POST' && path === ROOT;
const isCancel = ({ method, path }: Seen): boolean => method === 'POST' && path === `${ROOT}/cancel`;

const noSuchPath: Reply = { status: 404, body: { errorCode: 'KEntityNotExistsError', message: 'no such path' } };
const nobody: Reply = { status: 500, body: { errorCode: 'KInternalError', message: 'View with id 31 not found' } };

/** The kind of a step, in the vendor's word. */
const typeOf = ({ body }: Seen): string => JSON.parse(body).type;

export const startViewCluster = async (upstream: Partial<UpstreamInput> = {}): Promise<ViewCluster> => {
  const holds: ViewCluster['holds'] = {
    view: {
      viewId: Number(VIEW),
      name: NAME,
      viewProtection: {
        protectionGroups: [
          { groupName: 'Views', protectionGroupId: [group.clusterId, group.clusterIncarnationId, group.id].join(':') },
        ],
      },
    },
    operations: ['Prepare', 'Unplanned'],
    failovers: [],
    runs: [replicaRun(600)],
    jobs: [{ id: 5007, uid: group, name: 'Views', isActive: false }],
    cluster: { id: WEST, name: 'west' },
  };
  const counts = { post: 0, cancel: 0 };
  const plays: ViewCluster['plays'] = {
    post: ({ accept }) => accept(),
    cancel: ({ accept }) => accept(),
    gate: () => undefined,
  };
  const answer = (seen: Seen): Reply => {
    if (seen.path === `/v2/file-services/views/${VIEW}`) return holds.view === null ? nobody : { body: holds.view };
    if (seen.path === `${ROOT}/operations`)
      return holds.operations === null ? noSuchPath : { body: { allowedFailoverOperations: holds.operations } };
    if (seen.path === ROOT) return { body: { failovers: holds.failovers } };
    return answerCohesity({ runs: holds.runs, jobs: holds.jobs, cluster: holds.cluster })(seen);
  };
  const take = (seen: Seen): Reply => {
    const made = listedFailover(`9:9:${900 + counts.post}`, { type: typeOf(seen) });
    holds.failovers = [...holds.failovers, made];
    return { status: 201, body: made };
  };
  const callOff = (): Reply => {
    holds.failovers = holds.failovers.map((one) =>
      one['status'] === 'Running' ? { ...one, status: 'Failed', errorMessage: 'Canceled' } : one,
    );
    return { status: 204 };
  };
  const fake = closing(
    await startFake((seen, { response }) => {
      const stopped = plays.gate(seen);
      if (stopped !== undefined) return stopped;
      const kind = isPost(seen) ? 'post' : isCancel(seen) ? 'cancel' : null;
      if (kind === null) return answer(seen);
      counts[kind] += 1;
      return plays[kind]({
        seen,
        nth: counts[kind],
        response,
        accept: () => (kind === 'post' ? take(seen) : callOff()),
        drop: () => {
          response.socket?.destroy();
          return null;
        },
      });
    }),
  );
  return {
    ...fake,
    holds,
    plays,
    upstream: { id: 'dc-west', kind: 'cohesity', url: fake.url, auth: { apiKey: 'key' }, ...upstream } as UpstreamInput,
    posts: () => fake.seen.filter(isPost),
    cancels: () => fake.seen.filter(isCancel),
  };
};

/** The cluster that a view comes from: it says who it is, and can be made to fall silent. */
export const startSource = async () => {
  const state = { alive: true, refuses: false };
  const fake = closing(
    await startFake((seen, { response }) => {
      if (!state.alive) {
        response.socket?.destroy();
        return null;
      }
      if (state.refuses) return { status: 403, body: { errorCode: 'KForbidden', message: 'no' } };
      return answerCohesity({ cluster: { id: EAST, name: 'east' } })(seen);
    }),
  );
  const upstream: UpstreamInput = { id: 'dc-east', kind: 'cohesity', url: fake.url, auth: { apiKey: 'key' } };
  return { ...fake, upstream, die: () => void (state.alive = false), refuse: () => void (state.refuses = true) };
};

/** Another gateway. By default it has its own audit file. */
export const startViewGateway = async (
  upstreams: readonly UpstreamInput[],
  options: Partial<GatewayOptions> = {},
): Promise<Gateway> => closing(await startGateway({ upstreams, audit: { file: auditFile().file }, ...options }));

export const viewFields =
  'id viewId failoverId action state upstreamState message startedAt endedAt requestedAt upstream { name } replications { replicationId progress upstreamState endedAt }';

const mutation = `mutation ($input: ViewFailoverInput!) { viewFailover(input: $input) {
  __typename
  ... on ViewFailoverAccepted { failover { ${viewFields} } }
  ... on ViewFailoverPlan { ok allowed dataAgeSeconds planToken checks { name ok detail } }
  ... on UserError { message code path }
  ... on FailoverRejected { errorCode }
} }`;

/** The answer to one press, as a test reads it. */
export interface Stepped {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
  readonly result: any;
  readonly errors: Answer<unknown>['errors'];
}

export const step = async (
  { execute }: Gateway,
  input: Wire = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Stepped> => {
  const all = { upstream: 'dc-west', viewId: VIEW, action: 'PREPARE', idempotencyKey: KEY, ...input };
  const { data, errors } = await execute(mutation, { input: all }, headers);
  return { result: data?.viewFailover, errors };
};

/** Plans and presses, with the token that the plan has. */
export const planAndStep = async (gateway: Gateway, input: Wire = {}): Promise<Stepped> => {
  const plan = await step(gateway, { ...input, dryRun: true });
  return step(gateway, { ...input, planToken: plan.result?.planToken ?? null });
};

/** The gist of an answer: the state of the step, or the code of a refusal or error. */
export const gistOf = ({ result, errors }: Stepped): string =>
  errors[0]?.extensions.code ?? `${result.__typename} ${result.failover?.state ?? result.code ?? result.ok}`;

/** The checks of a plan that are not ok, by name. */
export const notOk = ({ result }: Stepped): readonly string[] =>
  result.checks.filter(({ ok }: { readonly ok: boolean }) => !ok).map(({ name }: { readonly name: string }) => name);

/** Everything that the typed name and the accepted loss can confirm. */
export const confirmed = { confirmName: NAME, acceptDataLossSeconds: 3600 };

export const listOfView = async ({ execute }: Gateway, headers: Readonly<Record<string, string>> = {}) => {
  const query = `query ($viewId: BigInt!) { viewFailovers(upstream: "dc-west", viewId: $viewId) { ${viewFields} } }`;
  const { data, errors } = await execute(query, { viewId: VIEW }, headers);
  return { failovers: data?.viewFailovers, errors };
};

export const cancelStep = async (
  { execute }: Gateway,
  id: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Stepped> => {
  const query = `mutation ($id: ID!) { cancelViewFailover(id: $id) {
    __typename ... on ViewFailoverAccepted { failover { ${viewFields} } } ... on UserError { message code path } } }`;
  const { data, errors } = await execute(query, { id }, headers);
  return { result: data?.cancelViewFailover, errors };
};

/** A gateway before one cluster that takes over views. */
export const begin = async (options: Partial<GatewayOptions> = {}) => {
  const cluster = await startViewCluster();
  const gateway = await startViewGateway([cluster.upstream], options);
  return { cluster, gateway };
};
