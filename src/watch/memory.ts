import { inTurns } from '../calling/event-loop.js';
import { type ActivityState, isFinished } from '../domain/activity.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { Micros } from '../domain/micros.js';
import type { ProtectedObject } from '../domain/protected-object.js';

/** The result of polling one upstream. */
export interface Look {
  readonly upstream: string;
  readonly at: Micros;
  readonly copies: readonly CopyOperation[];
  readonly isUp: boolean; // no call to it failed
  readonly hours: number; // how far back finished copies were read
  readonly isWhole: boolean; // all of its copies within the look-back; if false, a missing copy may still exist
  readonly objects: readonly ProtectedObject[] | null; // null: not read completely
}

/** The times after which a copy counts as stalled, or an object as lagging. */
export interface WatchTimes {
  readonly stalledMicros: number;
  readonly offsiteLagSeconds: number;
}

interface SeenCopy {
  readonly state: ActivityState;
  readonly bytes: bigint | null;
  readonly movedAt: Micros; // the poll that last saw its bytes grow
}

/** The memory of an upstream between two polls. */
export interface WatchMemory {
  readonly begun: Micros; // of watching: earlier starts were not seen
  readonly copies: ReadonlyMap<string, SeenCopy>;
  readonly stalled: ReadonlySet<string>; // ids of copies
  readonly lagging: ReadonlyMap<string, boolean>; // each seen object, and whether its copy off site is too old
}

/** A difference between two polls. */
export type WatchChange =
  | { readonly kind: 'finished'; readonly copy: CopyOperation }
  | { readonly kind: 'stalled'; readonly copy: CopyOperation; readonly since: Micros }
  | { readonly kind: 'lagging'; readonly object: ProtectedObject };

/** Whether an object has no recent enough good copy off site. */
export const isLagging = ({ copies }: ProtectedObject, { offsiteLagSeconds }: WatchTimes): boolean =>
  (copies?.posture.offsiteLagSeconds ?? Number.POSITIVE_INFINITY) > offsiteLagSeconds;

/**
 * Whether it is running and its bytes have not grown for the configured time. AWS reports no bytes, so none of its
 * copies ever counts as stalled.
 */
const isStalled = ({ state }: CopyOperation, { bytes, movedAt }: SeenCopy, at: Micros, times: WatchTimes): boolean =>
  state === 'RUNNING' && bytes !== null && at - movedAt >= times.stalledMicros;

const seenNow = (copy: CopyOperation, before: SeenCopy | undefined, at: Micros): SeenCopy => ({
  state: copy.state,
  bytes: copy.transferredBytes,
  movedAt: before?.bytes === copy.transferredBytes && before.state === copy.state ? before.movedAt : at,
});

/** Whether it ended between two polls that both returned it, or began after the first poll and was over at the next. */
const hasFinished = (copy: CopyOperation, before: SeenCopy | undefined, begun: Micros): boolean =>
  isFinished(copy.state) &&
  (before === undefined ? (copy.startedAt ?? Number.NEGATIVE_INFINITY) >= begun : !isFinished(before.state));

/** The memory before the first poll. */
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
 * The next memory, and the changes. The first poll has no changes. A record that was not in the previous poll is a
 * change only if it began since then, so that a filling index, a gap or an eviction gives no event.
 */
export const remember = async (
  memory: WatchMemory,
  look: Look,
  times: WatchTimes,
): Promise<{ readonly memory: WatchMemory; readonly changes: readonly WatchChange[] }> => {
  const { at, isWhole } = look;
  const { begun } = memory;
  const copies = new Map(isWhole ? [] : memory.copies);
  const stalled = new Set<string>();
  const changes: WatchChange[] = [];
  await inTurns(look.copies, (copy) => {
    const before = memory.copies.get(copy.id);
    const seen = seenNow(copy, before, at);
    copies.set(copy.id, seen);
    if (hasFinished(copy, before, begun)) changes.push({ kind: 'finished', copy });
    if (!isStalled(copy, seen, at, times)) return;
    stalled.add(copy.id);
    if (!memory.stalled.has(copy.id)) changes.push({ kind: 'stalled', copy, since: seen.movedAt });
  });
  const shown = new Set(look.copies.map(({ id }) => id));
  if (!isWhole) for (const id of memory.stalled) if (!shown.has(id)) stalled.add(id);
  const objects = objectsSeen(memory, look, times);
  return {
    memory: { begun, copies, stalled, lagging: objects.lagging },
    changes: [...changes, ...objects.changes],
  };
};
