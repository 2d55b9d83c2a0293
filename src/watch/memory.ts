import { type ActivityState, isFinished } from '../domain/activity.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { Micros } from '../domain/micros.js';
import type { ProtectedObject } from '../domain/protected-object.js';

/** What one look found of one upstream. */
export interface Look {
  readonly upstream: string;
  readonly at: Micros;
  readonly copies: readonly CopyOperation[];
  readonly isUp: boolean; // no call to it failed
  readonly hours: number; // as far back as was looked for what has ended
  readonly isWhole: boolean; // all of its copies as far back as is looked; else those that are missing may be there
  readonly objects: readonly ProtectedObject[] | null; // null: not read whole
}

/** When something is told. */
export interface WatchTimes {
  readonly stalledMicros: number;
  readonly offsiteLagSeconds: number;
}

interface SeenCopy {
  readonly state: ActivityState;
  readonly bytes: bigint | null;
  readonly movedAt: Micros; // the look that saw its bytes grow last
}

/** What is remembered of an upstream between two looks. */
export interface WatchMemory {
  readonly begun: Micros; // of watching: what started before was not seen to change
  readonly copies: ReadonlyMap<string, SeenCopy>;
  readonly stalled: ReadonlySet<string>; // ids of copies
  readonly lagging: ReadonlyMap<string, boolean>; // each object that was seen, and whether its off-site copy is too old
}

/** What is different from one look to the next. */
export type WatchChange =
  | { readonly kind: 'finished'; readonly copy: CopyOperation }
  | { readonly kind: 'stalled'; readonly copy: CopyOperation; readonly since: Micros }
  | { readonly kind: 'lagging'; readonly object: ProtectedObject };

/** Whether an object has no good copy off site that is young enough. */
export const isLagging = ({ copies }: ProtectedObject, { offsiteLagSeconds }: WatchTimes): boolean =>
  (copies?.posture.offsiteLagSeconds ?? Number.POSITIVE_INFINITY) > offsiteLagSeconds;

/** Running, and its bytes have not grown for so long. AWS tells no bytes, so none of its copies is ever stalled. */
const isStalled = ({ state }: CopyOperation, { bytes, movedAt }: SeenCopy, at: Micros, times: WatchTimes): boolean =>
  state === 'RUNNING' && bytes !== null && at - movedAt >= times.stalledMicros;

const seenNow = (copy: CopyOperation, before: SeenCopy | undefined, at: Micros): SeenCopy => ({
  state: copy.state,
  bytes: copy.transferredBytes,
  movedAt: before?.bytes === copy.transferredBytes && before.state === copy.state ? before.movedAt : at,
});

/** It ended between two looks that both held it, or it began after the first look and was over at the next. */
const hasFinished = (copy: CopyOperation, before: SeenCopy | undefined, begun: Micros): boolean =>
  isFinished(copy.state) &&
  (before === undefined ? (copy.startedAt ?? Number.NEGATIVE_INFINITY) >= begun : !isFinished(before.state));

/** Before the first look. */
export const nothingSeen = (begun: Micros): WatchMemory => ({
  begun,
  copies: new Map(),
  stalled: new Set(),
  lagging: new Map(),
});

const objectsSeen = (
  memory: WatchMemory,
  { objects }: Look,
  times: WatchTimes,
): { readonly lagging: WatchMemory['lagging']; readonly changes: readonly WatchChange[] } => {
  if (objects === null) return { lagging: memory.lagging, changes: [] };
  const changes = objects
    .filter((object) => isLagging(object, times) && memory.lagging.get(object.id) === false)
    .map((object) => ({ kind: 'lagging', object }) as const);
  return { lagging: new Map(objects.map((object) => [object.id, isLagging(object, times)])), changes };
};

/**
 * The next memory, and what changed. The first look tells of nothing, and neither does a record that was not there
 * before unless it began since: an index that fills, a gap or an eviction is no event.
 */
export const remember = (
  memory: WatchMemory,
  look: Look,
  times: WatchTimes,
): { readonly memory: WatchMemory; readonly changes: readonly WatchChange[] } => {
  const { at, isWhole } = look;
  const { begun } = memory;
  const copies = new Map(isWhole ? [] : memory.copies);
  const stalled = new Set<string>();
  const changes: WatchChange[] = [];
  for (const copy of look.copies) {
    const before = memory.copies.get(copy.id);
    const seen = seenNow(copy, before, at);
    copies.set(copy.id, seen);
    if (hasFinished(copy, before, begun)) changes.push({ kind: 'finished', copy });
    if (!isStalled(copy, seen, at, times)) continue;
    stalled.add(copy.id);
    if (!memory.stalled.has(copy.id)) changes.push({ kind: 'stalled', copy, since: seen.movedAt });
  }
  const shown = new Set(look.copies.map(({ id }) => id));
  if (!isWhole) for (const id of memory.stalled) if (!shown.has(id)) stalled.add(id);
  const objects = objectsSeen(memory, look, times);
  return {
    memory: { begun, copies, stalled, lagging: objects.lagging },
    changes: [...changes, ...objects.changes],
  };
};
