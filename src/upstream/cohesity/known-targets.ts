import { LRUCache } from 'lru-cache';
import type { CopyTarget } from '../../domain/copy-target.js';
import type { ProtectionRun } from '../../domain/protection-run.js';

/** The targets that the copies of one cluster go to, each with its newest name. It outlives requests. */
export interface KnownTargets {
  /** Takes in what runs that were read say of their targets. */
  note(runs: readonly ProtectionRun[]): void;
  /** Takes in a target as it was called at a time. */
  take(target: CopyTarget, at: number): void;
  find(id: string): CopyTarget | null;
}

const MOST = 10_000;

export const createKnownTargets = (): KnownTargets => {
  const known = new LRUCache<string, { readonly target: CopyTarget; readonly at: number }>({ max: MOST });
  const take = (target: CopyTarget, at: number): void => {
    const before = known.get(target.id);
    const name = before?.target.name ?? null;
    const isNewer = before === undefined || at > before.at || (at === before.at && (target.name ?? '') > (name ?? ''));
    // A copy that tells no name says nothing against one that was told.
    if (before === undefined || (target.name !== null && (name === null || isNewer)))
      known.set(target.id, { target, at });
  };
  return {
    take,
    note: (runs) => {
      for (const { copyRuns } of runs)
        for (const { target, startedAt } of copyRuns) if (target !== null) take(target, startedAt ?? 0);
    },
    find: (id) => known.get(id)?.target ?? null,
  };
};
