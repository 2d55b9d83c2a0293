import type { IncomingMessage, ServerResponse } from 'node:http';

/** The faults by name, with their effects. No name is also a fault of the other double. */
export const cohesityFaults = {
  'planned-run-lost-answer': 'a planned run is accepted, but the connection drops before the answer',
  'planned-run-timeout': 'a planned run is accepted, but never answered',
  'planned-run-not-listed': 'a planned run is accepted, but the poll leaves it out until its run starts',
  'planned-run-reset': 'the connection drops before a planned run is accepted',
  'planned-run-500': 'a planned run is answered 500 and not accepted',
  'planned-run-429': 'a planned run is answered 429 and not accepted',
  'retry-lost-answer': 'a retry of a copy is accepted, but the connection drops before the answer',
  'retry-reset': 'the connection drops before a retry of a copy is accepted',
  'retry-not-done': 'a retry of a copy is answered 207, with the run among those that failed',
  'view-lost-answer': 'a step of a view is accepted, but the connection drops before the answer',
  'view-reset': 'the connection drops before a step of a view is accepted',
  'view-refused': 'a step of a view is refused, though `operations` lists it',
  'view-operations-missing': 'the cluster has no `operations` of a view, as before 7.1',
  'view-source-dies': 'once a view is prepared on the other cluster, this one drops every connection',
  'init-lost-answer': 'a failover of objects is initiated, but the connection drops before the answer',
  'linkage-lost-answer': 'objects are linked, but the connection drops before the answer',
  'activation-lost-answer': 'backups are activated, but the connection drops before the answer',
  'activation-unreadable': 'backups are activated, but the answer is the page of a proxy',
  'activation-reset-once': 'the connection drops before the first activation is accepted, the next is accepted',
  'activation-refused': 'every activation of backups is refused',
  'activation-partial': 'an activation of several objects fails for the last of them, in a good answer',
  'activation-one-way': 'an activation is accepted, but not its replication back, with a reason',
  'deactivation-lost-answer': 'backups are deactivated, but the connection drops before the answer',
  'deactivation-refused': 'every deactivation of backups is refused',
  'workflow-source-dies':
    'once a failover of objects is initiated on the other cluster, this one drops every connection',
  'token-expired-once': 'the first planned run is refused with 401 "Token expired", the next is accepted',
  'unknown-failover-404': 'a poll for an unknown failover answers 404',
  'unknown-failover-500': 'a poll for an unknown failover answers 500',
  'old-paths-only': 'the failover has only the paths of version 6',
  'new-paths-only': 'the failover has only the paths of version 7.1 and later',
  'cohesity-slow': 'every answer of the cluster takes 3 seconds',
} as const;

export type CohesityFault = keyof typeof cohesityFaults;

export const isCohesityFault = (name: string): name is CohesityFault => Object.hasOwn(cohesityFaults, name);

/** The names as faults; throws for an unknown one. */
export const checkFaults = (names: readonly string[]): readonly CohesityFault[] =>
  names.map((name) => {
    if (isCohesityFault(name)) return name;
    throw new Error(`Unknown fault "${name}"; known ones: ${Object.keys(cohesityFaults).join(', ')}`);
  });

const slowMs = 3000;
const plannedRun = /^\/v2\/data-protect\/failover\/[^/]+\/(planned-run|plannedRun)$/;
const newPath =
  /^\/v2\/data-protect\/failover\/(planned-runs|[^/]+\/(planned-run|object-linkage|backup-(de)?activation))$/;
const oldPath = /^\/v2\/data-protect\/failover\/(pollPlannedRuns|[^/]+\/plannedRun)$/;

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

const isRetry = (request: IncomingMessage): boolean =>
  request.method === 'PUT' && /^\/v2\/data-protect\/protection-groups\/[^/]+\/runs$/.test(pathOf(request));

const isPlannedRun = (request: IncomingMessage): boolean =>
  request.method === 'POST' && plannedRun.test(pathOf(request));

const isViewStep = (request: IncomingMessage): boolean =>
  request.method === 'POST' && /^\/v2\/data-protect\/failover\/views\/\d+$/.test(pathOf(request));

type Step = 'init' | 'linkage' | 'activation' | 'deactivation';

const steps: Readonly<Record<string, Step>> = {
  'object-linkage': 'linkage',
  'backup-activation': 'activation',
  'backup-deactivation': 'deactivation',
};

/** The step of a failover of objects that a request asks for; `null` for its planned run, and for other requests. */
const stepOf = (request: IncomingMessage): Step | null => {
  const found = /^\/v2\/data-protect\/failover\/(?!views\/)[^/]+(?:\/([^/]+))?$/.exec(pathOf(request));
  if (request.method !== 'POST' || found === null) return null;
  return found[1] === undefined ? 'init' : (steps[found[1]] ?? null);
};

const sandboxHeader = { 'x-copygraph-sandbox': 'cohesity' };

/** An answer is written, lost with its connection, never sent, or replaced by the page of a proxy. */
type Fate = 'written' | 'lost' | 'kept' | 'replaced';

/** Applies faults between a request and its answer. */
export const createFaults = (faults: ReadonlySet<CohesityFault>) => {
  const has = (name: CohesityFault): boolean => faults.has(name);
  let tokenLives = !has('token-expired-once');
  let activationDrops = has('activation-reset-once');

  /** The faults that prevent the request from being accepted. */
  const playPlannedRun = async (
    request: IncomingMessage,
    response: ServerResponse,
    serve: () => Promise<void>,
  ): Promise<void> => {
    if (!tokenLives) {
      tokenLives = true;
      const body = JSON.stringify({ errorCode: 'KStatusUnauthorized', message: 'Token expired' });
      response.writeHead(401, { ...sandboxHeader, 'content-type': 'application/json' }).end(body);
    } else if (has('planned-run-reset')) {
      request.socket.destroy();
    } else if (has('planned-run-500')) {
      const body = JSON.stringify({
        errorCode: 'KInternalError',
        message: 'Timed out while waiting for a response from magneto',
      });
      response.writeHead(500, { ...sandboxHeader, 'content-type': 'application/json' }).end(body);
    } else if (has('planned-run-429')) {
      response.writeHead(429, { ...sandboxHeader, 'content-type': 'text/plain' }).end('Too Many Requests');
    } else {
      await serve();
    }
  };

  const fateOfStep = (step: Step): Fate => {
    if (step === 'activation' && has('activation-unreadable')) return 'replaced';
    const name = `${step}-lost-answer`;
    return isCohesityFault(name) && has(name) ? 'lost' : 'written';
  };

  /** Whether the connection drops before the request is accepted. */
  const isReset = (request: IncomingMessage): boolean => {
    if (isViewStep(request)) return has('view-reset');
    if (isRetry(request)) return has('retry-reset');
    if (stepOf(request) !== 'activation' || !activationDrops) return false;
    activationDrops = false;
    return true;
  };

  return {
    /** Whether a path is missing in the generation of the API that is played. */
    hides: (path: string): boolean =>
      (has('old-paths-only') && newPath.test(path)) || (has('new-paths-only') && oldPath.test(path)),
    /** The fate of an answer to this request. */
    fateOf: (request: IncomingMessage): Fate => {
      if (isRetry(request)) return has('retry-lost-answer') ? 'lost' : 'written';
      if (isViewStep(request)) return has('view-lost-answer') ? 'lost' : 'written';
      const step = stepOf(request);
      if (step !== null) return fateOfStep(step);
      if (!isPlannedRun(request)) return 'written';
      if (has('planned-run-lost-answer')) return 'lost';
      return has('planned-run-timeout') ? 'kept' : 'written';
    },
    play: async (request: IncomingMessage, response: ServerResponse, serve: () => Promise<void>): Promise<void> => {
      if (has('cohesity-slow')) await new Promise((resolve) => setTimeout(resolve, slowMs).unref());
      if (isReset(request)) return void request.socket.destroy();
      await (isPlannedRun(request) ? playPlannedRun(request, response, serve) : serve());
    },
  };
};
