import { inTurns } from '../calling/event-loop.js';
import { isFinished, isGood } from '../domain/activity.js';
import type { CopyFigures, ObjectFigures } from '../domain/copy-figures.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { CopyTargetKind } from '../domain/copy-target-kind.js';
import { DAY_MICROS, type Micros } from '../domain/micros.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import { type Look, type WatchTimes, isLagging } from './memory.js';

export const kindOf = ({ target }: CopyOperation): CopyTargetKind => target?.kind ?? 'UNKNOWN';

/** Counts equal keys. */
const createCounts = <K extends object>() => {
  const counts = new Map<string, K & { count: number }>();
  return {
    add: (key: K): void => {
      const text = JSON.stringify(key);
      const known = counts.get(text);
      if (known === undefined) counts.set(text, { ...key, count: 1 });
      else known.count += 1;
    },
    all: (): readonly (K & { readonly count: number })[] => [...counts.values()],
  };
};

/** Whether a copy failed to bring over all its data. */
export const hasFailed = ({ state }: CopyOperation): boolean => state === 'FAILED' || state === 'PARTIAL';

const endedSince = ({ endedAt, startedAt }: CopyOperation, since: number): boolean =>
  (endedAt ?? startedAt ?? 0) >= since;

/** The figures of all copies in a complete poll. */
export const figuresOf = async ({ copies, at }: Look, stalled: ReadonlySet<string>): Promise<CopyFigures> => {
  const last = new Map<CopyTargetKind, Micros>();
  const stalledKinds = new Map<CopyTargetKind, number>();
  const unfinished = createCounts<Omit<CopyFigures['unfinished'][number], 'count'>>();
  const failed = createCounts<Omit<CopyFigures['failed'][number], 'count'>>();
  await inTurns(copies, (copy) => {
    const { id, state, endedAt, failureCategory } = copy;
    const kind = kindOf(copy);
    if (isGood(state) && endedAt !== null && endedAt > (last.get(kind) ?? 0)) last.set(kind, endedAt);
    stalledKinds.set(kind, (stalledKinds.get(kind) ?? 0) + (stalled.has(id) ? 1 : 0));
    if (!isFinished(state)) unfinished.add({ kind, state });
    if (hasFailed(copy) && endedSince(copy, at - DAY_MICROS))
      failed.add({ kind, category: failureCategory ?? 'OTHER' });
  });
  return {
    unfinished: unfinished.all(),
    failed: failed.all(),
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
