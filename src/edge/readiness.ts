import { createSingleFlight } from '../domain/single-flight.js';
import type { HealthStatus, UpstreamHealth } from '../domain/upstream.js';

/** One upstream as readiness sees it. */
export interface Probed {
  readonly name: string; // its id in the config
  health(): UpstreamHealth;
  sinceLastCallMs(): number | null;
  /** One cheap call; resolves whether or not it succeeds, since `health` tells. */
  probe(): Promise<void>;
}

const FRESH_MS = 5_000; // what a call told is taken as true for so long; then the upstream is asked
const PATIENCE_MS = 4_000; // with the above, an upstream that has fallen silent is noticed within 10 s

/** How the last call to one upstream went. */
interface UpstreamReadiness extends Pick<UpstreamHealth, 'circuit' | 'latencyMs' | 'lastError'> {
  readonly name: string;
  readonly status: HealthStatus; // `UNKNOWN` too where it was up, and has not answered yet whether it still is
}

interface Readiness {
  readonly up: number;
  readonly of: number;
  readonly each: readonly UpstreamReadiness[];
}

/**
 * Counts the upstreams that answer, and says of each how it is. One that has not been called for five seconds is probed, once however many ask:
 * the question needs no token, so it must not multiply into calls.
 */
export const createReadiness = (upstreams: readonly Probed[]): (() => Promise<Readiness>) => {
  const probing = createSingleFlight<unknown, Probed>();
  const isFresh = (upstream: Probed): boolean => (upstream.sinceLastCallMs() ?? Number.POSITIVE_INFINITY) < FRESH_MS;
  const isUp = (upstream: Probed): boolean => isFresh(upstream) && upstream.health().status === 'UP';
  const refresh = (upstream: Probed): Promise<unknown> =>
    isFresh(upstream) ? Promise.resolve() : probing.join(upstream, () => upstream.probe()).result;
  const toReadiness = (upstream: Probed): UpstreamReadiness => {
    const { status, circuit, latencyMs, lastError } = upstream.health();
    const stale = status === 'UP' && !isFresh(upstream);
    return { name: upstream.name, status: stale ? 'UNKNOWN' : status, circuit, latencyMs, lastError };
  };
  return async () => {
    // One that answers is enough, so a slow one need not be waited for.
    const answered = upstreams.map(async (upstream) => {
      await refresh(upstream);
      if (!isUp(upstream)) throw new Error('down');
    });
    await Promise.race([Promise.any(answered).catch(() => undefined), patience()]);
    return { up: upstreams.filter(isUp).length, of: upstreams.length, each: upstreams.map(toReadiness) };
  };
};

const patience = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
