import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, type ListenOptions, type Sandbox } from '../listen.js';
import { cohesitySandboxCredentials, createGate } from './auth.js';
import { createEstate, type Estate } from './estate.js';
import { checkFaults, cohesityFaults, createFaults, type CohesityFault } from './fault.js';
import type { ClusterIdentity } from './identity.js';
import { stringify } from './json.js';
import { invalidBody, Refusal } from './refusal.js';
import { createReplicaEstate } from './replica-estate.js';
import { createRouter, type Reply } from './route.js';
import { routes } from './routes.js';
import { drCluster } from './target.js';
import { createPresent } from './handover.js';
import { isAnyPrepared } from './view-state.js';
import { createOverlay, type Overlay } from './world.js';

export { cohesityFaults, cohesitySandboxCredentials };

/** A gateway's config of an upstream played here. */
export const cohesitySandboxUpstream = (id: string, { url }: Pick<Sandbox, 'url'>) => {
  const { username, password } = cohesitySandboxCredentials;
  return { id, kind: 'cohesity', url, auth: { username, password } };
};

export interface CohesitySandboxOptions extends ListenOptions {
  /** Another seed is another cluster; 1 by default. */
  readonly seed?: number;
  /** Multiplies the jobs; above 1 it also means seven days of history instead of two. */
  readonly scale?: number;
  /** Milliseconds since the epoch; `Date.now` by default. */
  readonly now?: () => number;
  /** Names of `cohesityFaults`. */
  readonly faults?: readonly string[];
}

export interface CohesitySandbox extends Sandbox {
  /**
   * Starts the cluster that this one replicates to. It has the same runs once their replications have begun, and sees
   * the actions of callers on this one. The caller closes it.
   */
  startReplica(where?: ListenOptions): Promise<Sandbox>;
}

const tokenPaths = ['/irisservices/api/v1/public/accessTokens', '/v2/access-tokens'];
const longestBody = 1_048_576;

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > longestBody) throw invalidBody('Request body is too long');
    chunks.push(bytes);
  }
  if (length === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw invalidBody('Request body is not valid JSON');
  }
};

const send = (response: ServerResponse, { status, body }: Reply): void => {
  const headers = { 'x-copygraph-sandbox': 'cohesity' };
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const text = Buffer.from(stringify(body));
  response
    .writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': text.length })
    .end(text);
};

const refusal = (error: unknown): Reply =>
  error instanceof Refusal
    ? { status: error.status, body: { errorCode: error.errorCode, message: error.message } }
    : {
        status: 500,
        body: { errorCode: 'KInternalError', message: error instanceof Error ? error.message : 'unknown error' },
      };

interface Played {
  readonly cluster: ClusterIdentity;
  /** Its estate, as callers have left it. */
  readonly estate: () => Estate;
  readonly overlay: Overlay;
  readonly faults: ReadonlySet<CohesityFault>;
  readonly now: () => number;
}

/** Serves one cluster. */
const serve = ({ cluster, estate, overlay, faults, now }: Played, where: ListenOptions): Promise<Sandbox> => {
  const fault = createFaults(faults);
  const gate = createGate(estate().seed);
  const find = createRouter(routes);

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    const [path = '/', query] = (request.url ?? '/').split('?', 2);
    const moment = Math.floor(now() * 1000);
    const found = fault.hides(path) ? [] : find(path);
    const isLogin = tokenPaths.includes(path);
    if (!isLogin) gate.admit(request.headers, moment);
    if (found.length === 0 && !isLogin) throw new Refusal(404, 'KEntityNotExistsError', `No such path: ${path}`);
    const chosen = found.find(({ route }) => route.method === request.method);
    if (isLogin ? request.method !== 'POST' : chosen === undefined) {
      throw new Refusal(405, 'KMethodNotAllowed', `Method ${request.method ?? ''} is not allowed on ${path}`);
    }
    const body = await readBody(request);
    if (chosen === undefined) return { status: 201, body: gate.issue(body, moment) };
    const world = { estate: estate(), overlay, now: moment, faults };
    return chosen.route.answer({ world, query: new URLSearchParams(query), params: chosen.params, body });
  };

  /** Between two steps of a failover, the cluster that has the data is lost. */
  const isDead = (): boolean =>
    cluster.clusterId !== drCluster.clusterId &&
    ((faults.has('view-source-dies') && isAnyPrepared(overlay.viewFailovers, Math.floor(now() * 1000))) ||
      (faults.has('workflow-source-dies') && overlay.workflows.size > 0));

  return listen((request, response) => {
    const reply = () =>
      answer(request)
        .catch(refusal)
        .then((written) => {
          const fate = fault.fateOf(request);
          if (fate === 'written') send(response, written);
          if (fate === 'lost') request.socket.destroy();
          if (fate === 'replaced') response.writeHead(201, { 'content-type': 'text/html' }).end('<html>Created</html>');
        });
    if (isDead()) request.socket.destroy();
    else void fault.play(request, response, reply);
  }, where);
};

/** Plays a Cohesity cluster over HTTP. Its sample data depend on seed, scale and clock; no backup data are moved. */
export const startCohesitySandbox = async ({
  seed = 1,
  scale = 1,
  now = Date.now,
  faults = [],
  ...where
}: CohesitySandboxOptions = {}): Promise<CohesitySandbox> => {
  const home = createEstate(seed, scale);
  const common = { overlay: createOverlay(), faults: new Set(checkFaults(faults)), now };
  const present = createPresent(() => {
    const away = createReplicaEstate(home);
    return new Map([home, away].map((estate) => [estate.cluster.clusterId, estate]));
  }, common.overlay);
  const played = (cluster: ClusterIdentity): Played => ({
    ...common,
    cluster,
    estate: () => present().get(cluster.clusterId) ?? home,
  });
  const sandbox = await serve(played(home.cluster), where);
  return { ...sandbox, startReplica: (beside = {}) => serve(played(drCluster), beside) };
};
