import { isFinished, isGood } from '../domain/activity.js';
import type { CopyFigures, ObjectFigures } from '../domain/copy-figures.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { CopyTargetKind } from '../domain/copy-target-kind.js';
import { DAY_MICROS, type Micros } from '../domain/micros.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import { type Look, type WatchTimes, isLagging } from './memory.js';

export const kindOf = ({ target }: CopyOperation): CopyTargetKind => target?.kind ?? 'UNKNOWN';

/** Counts each value. */
const tally = <K extends object>(keys: Iterable<K>): readonly (K & { readonly count: number })[] => {
  const counts = new Map<string, K & { count: number }>();
  for (const key of keys) {
    const text = JSON.stringify(key);
    const known = counts.get(text);
    if (known === undefined) counts.set(text, { ...key, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()];
};

/** Whether a copy failed to bring over all its data. */
export const hasFailed = ({ state }: CopyOperation): boolean => state === 'FAILED' || state === 'PARTIAL';

const endedSince = ({ endedAt, startedAt }: CopyOperation, since: number): boolean =>
  (endedAt ?? startedAt ?? 0) >= since;

/** The figures of all copies in a complete poll. */
export const figuresOf = ({ copies, at }: Look, stalled: ReadonlySet<string>): CopyFigures => {
  const kinds = new Set(copies.map(kindOf));
  const last = new Map<CopyTargetKind, Micros>();
  const stalledKinds = new Map<CopyTargetKind, number>([...kinds].map((kind) => [kind, 0]));
  for (const copy of copies) {
    const kind = kindOf(copy);
    if (isGood(copy.state) && copy.endedAt !== null && copy.endedAt > (last.get(kind) ?? 0))
      last.set(kind, copy.endedAt);
    if (stalled.has(copy.id)) stalledKinds.set(kind, (stalledKinds.get(kind) ?? 0) + 1);
  }
  return {
    unfinished: tally(
      copies.filter(({ state }) => !isFinished(state)).map((copy) => ({ kind: kindOf(copy), state: copy.state })),
    ),
    failed: tally(
      copies
        .filter((copy) => hasFailed(copy) && endedSince(copy, at - DAY_MICROS))
        .map((copy) => ({ kind: kindOf(copy), category: copy.failureCategory ?? 'OTHER' })),
    ),
    stalled: [...stalledKinds].map(([kind, count]) => ({ kind, count })),
    lastSuccess: [...last].map(([kind, time]) => ({ kind, at: time })),
  };
};

/** The figures of all objects in a complete poll. */
export const objectFiguresOf = (objects: readonly ProtectedObject[], times: WatchTimes): ObjectFigures => {
  const lags = objects.map(({ copies }) => copies?.posture.offsiteLagSeconds ?? null).filter((lag) => lag !== null);
  return {
    count: objects.length,
    withoutOffsite: objects.filter((object) => isLagging(object, times)).length,
    worstLagSeconds: lags.length === 0 ? null : lags.reduce((worst, lag) => Math.max(worst, lag)),
  };
};
