import type { HealthStatus } from '../domain/upstream.js';

/** One upstream as readiness sees it. */
export interface Probed {
  status(): HealthStatus;
  sinceLastCallMs(): number | null;
  /** One cheap call; resolves whether or not it succeeds, since `status` tells. */
  probe(): Promise<void>;
}

const FRESH_MS = 5_000; // what a call told is taken as true for so long; then the upstream is asked

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
  const refresh = (upstream: Probed): Promise<void> => {
    const since = upstream.sinceLastCallMs();
    if (since !== null && since < FRESH_MS) return Promise.resolve();
    const probe = probing.get(upstream) ?? upstream.probe().finally(() => probing.delete(upstream));
    probing.set(upstream, probe);
    return probe;
  };
  const isUp = (upstream: Probed): boolean => upstream.status() === 'UP';
  return async () => {
    // One that answers is enough, so a slow one need not be waited for.
    const answered = upstreams.map(async (upstream) => {
      await refresh(upstream);
      if (!isUp(upstream)) throw new Error('down');
    });
    await Promise.any(answered).catch(() => undefined);
    return { up: upstreams.filter(isUp).length, of: upstreams.length };
  };
};
