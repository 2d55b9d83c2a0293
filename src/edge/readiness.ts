import type { HealthStatus } from '../domain/upstream.js';

/** One upstream as readiness sees it. */
export interface Probed {
  status(): HealthStatus;
  sinceLastCallMs(): number | null;
  /** One cheap call; resolves whether or not it succeeds, since `status` tells. */
  probe(): Promise<void>;
}

const FRESH_MS = 5_000; // what a call told is taken as true for so long; then the upstream is asked
const PATIENCE_MS = 4_000; // with the above, an upstream that has fallen silent is noticed within 10 s

export interface Readiness {
  readonly up: number;
  readonly of: number;
}

/**
 * Counts the upstreams that answer. One that has not been called for five seconds is probed, once however many ask:
 * the question needs no token, so it must not multiply into calls.
 */
export const createReadiness = (upstreams: readonly Probed[]): (() => Promise<Readiness>) => {
  const probing = new Map<Probed, Promise<void>>();
  const isFresh = (upstream: Probed): boolean => (upstream.sinceLastCallMs() ?? Number.POSITIVE_INFINITY) < FRESH_MS;
  const isUp = (upstream: Probed): boolean => isFresh(upstream) && upstream.status() === 'UP';
  const refresh = (upstream: Probed): Promise<void> => {
    if (isFresh(upstream)) return Promise.resolve();
    const probe = probing.get(upstream) ?? upstream.probe().finally(() => probing.delete(upstream));
    probing.set(upstream, probe);
    return probe;
  };
  return async () => {
    // One that answers is enough, so a slow one need not be waited for.
    const answered = upstreams.map(async (upstream) => {
      await refresh(upstream);
      if (!isUp(upstream)) throw new Error('down');
    });
    await Promise.race([Promise.any(answered).catch(() => undefined), patience()]);
    return { up: upstreams.filter(isUp).length, of: upstreams.length };
  };
};

const patience = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
