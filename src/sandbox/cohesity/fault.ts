import type { IncomingMessage, ServerResponse } from 'node:http';

/** What can be made to go wrong, by name. */
export const cohesityFaults = [
  'planned-run-lost-answer',
  'planned-run-reset',
  'planned-run-500',
  'planned-run-429',
  'planned-run-timeout',
  'old-paths-only',
  'new-paths-only',
  'slow',
] as const;

export type CohesityFault = (typeof cohesityFaults)[number];

const isFault = (name: string): name is CohesityFault => (cohesityFaults as readonly string[]).includes(name); // widened only to compare

/** The names as faults; throws for one that is not known. */
export const checkFaults = (names: readonly string[]): readonly CohesityFault[] =>
  names.map((name) => {
    if (!isFault(name)) throw new Error(`Unknown fault "${name}"; known ones: ${cohesityFaults.join(', ')}`);
    return name;
  });

const slowMs = 3000;
const plannedRun = /^\/v2\/data-protect\/failover\/[^/]+\/(planned-run|plannedRun)$/;
const newPath = /^\/v2\/data-protect\/failover\/(planned-runs|[^/]+\/planned-run)$/;
const oldPath = /^\/v2\/data-protect\/failover\/(pollPlannedRuns|[^/]+\/plannedRun)$/;

const isPlannedRun = ({ method, url = '/' }: IncomingMessage): boolean =>
  method === 'POST' && plannedRun.test(url.split('?', 1)[0] ?? '');

const sandboxHeader = { 'x-copygraph-sandbox': 'cohesity' };

/** Stands between a request and its answer. */
export const createFaults = (faults: readonly CohesityFault[]) => {
  const has = (name: CohesityFault): boolean => faults.includes(name);

  /** The faults that keep the request from ever being accepted. */
  const playPlannedRun = async (
    request: IncomingMessage,
    response: ServerResponse,
    serve: () => Promise<void>,
  ): Promise<void> => {
    if (has('planned-run-reset')) {
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

  return {
    /** Whether a generation of the API that has not got this path is played. */
    hides: (path: string): boolean =>
      (has('old-paths-only') && newPath.test(path)) || (has('new-paths-only') && oldPath.test(path)),
    /** What becomes of an answer to this request: written, lost with its connection, or kept back for ever. */
    fateOf: (request: IncomingMessage): 'written' | 'lost' | 'kept' => {
      if (request.method !== 'POST' || !plannedRun.test(new URL(request.url ?? '/', 'http://sandbox').pathname))
        return 'written';
      if (has('planned-run-lost-answer')) return 'lost';
      return has('planned-run-timeout') ? 'kept' : 'written';
    },
    play: async (request: IncomingMessage, response: ServerResponse, serve: () => Promise<void>): Promise<void> => {
      if (has('slow')) await new Promise((resolve) => setTimeout(resolve, slowMs).unref());
      await (isPlannedRun(request) ? playPlannedRun(request, response, serve) : serve());
    },
  };
};
