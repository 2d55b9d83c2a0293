import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'lossless-json';
import type { UpstreamInput } from '../../src/assembly/config.js';
import { canonicalBody } from '../../src/domain/failover-input.js';
import { type ClusterHolds, answerCohesity } from './cohesity.js';
import { type Fake, type Reply, type Seen, cohesityAt, startFake } from './fake.js';
import { type Answer, type Gateway, type GatewayOptions, startGateway } from './gateway.js';
import { closing } from './products.js';
import type { Wire } from './wire.js';

const ROOT = '/v2/data-protect/failover';
const V1 = '/irisservices/api/v1/public';

/** A request that changes something, and what a cluster can do with it. */
export interface Press {
  readonly seen: Seen;
  readonly failoverId: string;
  readonly nth: number; // of its kind, from 1
  readonly response: ServerResponse; // for an answer that is none
  /** Takes it on, so that polls list it from now on; the answer that goes with it. */
  accept(): Reply;
  /** Closes the connection without a word. */
  drop(): Reply;
}

type Handler = (press: Press) => Reply | Promise<Reply>;

/** The fate of requests; a test may replace it. */
export interface Plays {
  gate: (seen: Seen) => Reply | undefined; // before all others
  post: Handler; // of a planned run: taken on
  cancel: Handler; // of a failover: 201
  cancelCopy: Handler; // of a copy run: 204
  poll: (ids: readonly string[], response: ServerResponse) => Reply | Promise<Reply>; // those it lists
  login: (nth: number) => Reply;
  rest: (seen: Seen) => Reply | Promise<Reply>; // any other path: from what it holds
}

export interface PlayedCluster extends Fake {
  readonly plays: Plays;
  /** The content of its lists; a test may replace it. */
  readonly held: { -readonly [Member in keyof ClusterHolds]: ClusterHolds[Member] };
  /** The answers of a poll, by workflow id. */
  readonly listed: Map<string, Wire>;
  /** The POSTs of a planned run, and the ids of those that were taken on, in their order. */
  posts(): readonly Seen[];
  accepted(): readonly string[];
  polls(): readonly Seen[];
  cancels(): readonly Seen[];
}

export const json = (value: unknown): string => stringify(value) ?? '';

const isPost = ({ method, path }: Seen): boolean => method === 'POST' && /\/planned-?run$/i.test(path);
const isPoll = ({ path }: Seen): boolean => /\/(planned-runs|pollPlannedRuns)$/.test(path);
const isCancel = ({ method, path }: Seen): boolean => method === 'POST' && /\/cancel(\/\d+)?$/.test(path);

/** A cluster that takes planned runs on and lists them, under the paths of both generations, until a test says otherwise. */
export const startPlayedCluster = async (port?: number): Promise<PlayedCluster> => {
  const listed = new Map<string, Wire>();
  const held: PlayedCluster['held'] = {};
  const accepted: string[] = [];
  const counts = new Map<string, number>();
  const count = (kind: string): number => {
    const nth = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, nth);
    return nth;
  };
  const plays: Plays = {
    gate: () => undefined,
    post: ({ accept }) => accept(),
    cancel: () => ({ status: 201 }),
    cancelCopy: () => ({ status: 204 }),
    poll: (ids) => ({
      body: { failoverPlannedRuns: ids.flatMap((id) => listed.get(id) ?? []) },
    }),
    login: (nth) => ({ status: 201, body: { accessToken: `token-${nth}`, tokenType: 'Bearer' } }),
    rest: answerCohesity(held),
  };
  const fake = await startFake((seen, { response }) => {
    const press = (kind: string): Press => {
      const failoverId = decodeURIComponent(seen.path.split('/').at(-2) ?? '');
      return {
        seen,
        failoverId,
        nth: count(kind),
        response,
        accept: () => {
          accepted.push(failoverId);
          listed.set(failoverId, { failoverId });
          return { status: 201, body: { failoverId } };
        },
        drop: () => {
          response.socket?.destroy();
          return null;
        },
      };
    };
    const stopped = plays.gate(seen);
    if (stopped !== undefined) return stopped;
    if (seen.path === `${V1}/accessTokens`) return plays.login(count('login'));
    if (isPost(seen)) return plays.post(press('post'));
    if (isPoll(seen)) return plays.poll((seen.query.get('failoverIds') ?? '').split(','), response);
    if (!isCancel(seen)) return plays.rest(seen);
    return seen.path.startsWith(ROOT) ? plays.cancel(press('cancel')) : plays.cancelCopy(press('cancelCopy'));
  }, port);
  return {
    ...fake,
    plays,
    held,
    listed,
    posts: () => fake.seen.filter(isPost),
    accepted: () => accepted,
    polls: () => fake.seen.filter(isPoll),
    cancels: () => fake.seen.filter(isCancel),
  };
};

export const KEY = 'drill_2026-11';

/** A valid failover; members from the test win. `undefined` leaves a member out. */
export const inputOf = (members: Wire = {}): Wire => ({
  upstream: 'dc-east',
  idempotencyKey: KEY,
  replicationClusterId: '77',
  objects: [{ objectId: '101' }, { objectId: '102' }],
  ...members,
});

/** The digest of the body of `inputOf()`, as in every record. */
export const bodyDigest = createHash('sha256')
  .update(
    canonicalBody({
      upstream: 'dc-east',
      idempotencyKey: KEY,
      replicationClusterId: 77n,
      objects: [{ objectId: 101n }, { objectId: 102n }],
      protectionGroupId: null,
      runType: null,
      viewId: null,
      cancelNonFailoverRuns: null,
      pauseNextRuns: null,
      dryRun: false,
      allowWithoutLock: false,
    }),
  )
  .digest('hex');

export const failoverFields = 'id state message runId requestedAt';

const mutation = `mutation ($input: FailoverInput!) { failover(input: $input) {
  __typename
  ... on FailoverAccepted { failover { ${failoverFields} } }
  ... on FailoverPlan { ok checks { name ok detail } }
  ... on UserError { message code path }
  ... on FailoverRejected { errorCode }
} }`;

/** The answer to one press of the button, as a test reads it. */
export interface Pressed {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
  readonly result: any;
  readonly errors: Answer<unknown>['errors'];
}

/** Sends the mutation, by default with `inputOf()`. */
export const press = async (
  { execute }: Gateway,
  members: Wire = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Pressed> => {
  const { data, errors } = await execute(mutation, { input: inputOf(members) }, headers);
  return { result: data?.failover, errors };
};

/** The gist of an answer: the state of the failover, or the code of a refusal or error. */
export const gistOf = ({ result, errors }: Pressed): string =>
  errors[0]?.extensions.code ?? `${result.__typename} ${result.failover?.state ?? result.code}`;

/** One failover by its id. */
export const readFailover = async ({ execute }: Gateway, key = KEY) => {
  const { data, errors } = await execute(`query ($id: ID!) { failover(id: $id) { ${failoverFields} } }`, {
    id: `Failover:dc-east:${key}`,
  });
  return { failover: data?.failover, errors };
};

/** Enough time for an unsuccessful search after a lost answer, and short enough for a test. */
export const quick = { requestTimeoutMs: 1500 };

export interface FailoverOptions extends Partial<GatewayOptions> {
  readonly upstream?: Partial<UpstreamInput>;
}

/** Another gateway in front of a cluster. */
export const startGatewayAt = async (
  cluster: { readonly url: string },
  { upstream = {}, ...options }: FailoverOptions = {},
): Promise<Gateway> =>
  closing(await startGateway({ upstreams: [{ ...cohesityAt(cluster), ...upstream }], ...options }));

/** The gateway in front of a cluster that plays planned runs, under the id `dc-east`. */
export const startFailover = async (options: FailoverOptions = {}) => {
  const cluster = closing(await startPlayedCluster());
  const gateway = await startGatewayAt(cluster, options);
  return { cluster, gateway, press: (members?: Wire) => press(gateway, members) };
};

/** A path for an audit file in a folder that goes when the test is over. */
export const auditFile = (): { readonly file: string; readonly folder: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-failover-'));
  closing({ close: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })) });
  return { folder, file: join(folder, 'audit.jsonl') };
};
