import { createSingleFlight } from '../domain/single-flight.js';
import type { HealthStatus, UpstreamHealth } from '../domain/upstream.js';

/** An upstream, for readiness. */
export interface Probed {
  readonly name: string; // its id in the config
  health(): UpstreamHealth;
  sinceLastCallMs(): number | null;
  /** Makes one cheap call; resolves whether or not it succeeds, because `health` has the result. */
  probe(): Promise<void>;
}

const FRESH_MS = 5_000; // a call's result is valid this long; then the upstream is probed
const PATIENCE_MS = 4_000; // together with the above, a silent upstream is noticed within 10 s

/** The result of the last call to one upstream. */
interface UpstreamReadiness extends Pick<UpstreamHealth, 'circuit' | 'latencyMs' | 'lastError'> {
  readonly name: string;
  readonly status: HealthStatus; // also `UNKNOWN` if it was up and has not yet answered the present probe
}

interface Readiness {
  readonly up: number;
  readonly of: number;
  readonly each: readonly UpstreamReadiness[];
}

/**
 * Counts the upstreams that answer, with the state of each. An upstream without a call for five seconds is probed, once
 * for all callers: `/readyz` needs no token, so it must not multiply into calls.
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
    // One answer is enough, so it does not wait for slow upstreams.
    const answered = upstreams.map(async (upstream) => {
      await refresh(upstream);
      if (!isUp(upstream)) throw new Error('down');
    });
    await Promise.race([Promise.any(answered).catch(() => undefined), patience()]);
    return { up: upstreams.filter(isUp).length, of: upstreams.length, each: upstreams.map(toReadiness) };
  };
};

const patience = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
