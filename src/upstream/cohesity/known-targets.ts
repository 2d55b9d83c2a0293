import { LRUCache } from 'lru-cache';
import type { CopyTarget } from '../../domain/copy-target.js';
import type { ProtectionRun } from '../../domain/protection-run.js';

/** The targets of one cluster's copies, each with its newest name. They outlive requests. */
export interface KnownTargets {
  /** Takes the targets of runs that were read. */
  note(runs: readonly ProtectionRun[]): void;
  /** Takes a target with the name it had at a time. */
  take(target: CopyTarget, at: number): void;
  find(id: string): CopyTarget | null;
}

const MOST = 10_000;

export const createKnownTargets = (): KnownTargets => {
  const known = new LRUCache<string, { readonly target: CopyTarget; readonly at: number }>({
    maxSize: MOST, // with `max`, it would allocate for all of them ahead
    sizeCalculation: () => 1,
  });
  const take = (target: CopyTarget, at: number): void => {
    const before = known.get(target.id);
    const name = before?.target.name ?? null;
    const isNewer = before === undefined || at > before.at || (at === before.at && (target.name ?? '') > (name ?? ''));
    // A copy without a name does not replace a known name.
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
