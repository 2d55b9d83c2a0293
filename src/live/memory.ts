import { isFinished } from '../domain/activity.js';
import { type CopyMark, changeOf, markOf } from '../domain/copy-change.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { Micros } from '../domain/micros.js';
import { type UpstreamReport, isSameReport } from '../domain/upstream-report.js';
import { inTurns } from '../calling/event-loop.js';
import type { Look } from '../domain/relay.js';
import type { FeedEvent } from './look.js';

/** The result of taking in a poll. */
interface Taken {
  readonly changes: FeedEvent['changes'];
  readonly isNews: boolean; // also true if only the report changed
  /** To be called when the changes were delivered: until then the next poll is not taken in. */
  told(): void;
}

/** The copies that a feed has seen. It takes in one poll after the other, each in turns of the event loop. */
interface Memory {
  /**
   * `whole` is the time from which a poll has every copy, `null` for news of another replica. Returns `null` if
   * everything was forgotten in the meantime.
   */
  take(seen: Look, whole: Micros | null): Promise<Taken | null>;
  /** The unfinished copies after the last poll taken in; `null` until everything was read once. */
  unfinished(): readonly CopyOperation[] | null;
  report(): UpstreamReport | null;
  knows(id: string): boolean;
  /** From now on, news of other replicas is newer than this replica's poll. */
  lookBegins(): void;
  hear(told: Look): void;
  lookEnds(): void;
  forget(): void;
}

interface State {
  readonly marks: Map<string, CopyMark>;
  readonly open: Map<string, CopyOperation>;
  unfinished: readonly CopyOperation[] | null;
  report: UpstreamReport | null;
  known: number; // everything that started since then has been seen; older finished copies have been dropped
}

const nothing = (): State => ({ marks: new Map(), open: new Map(), unfinished: null, report: null, known: 0 });

interface MemoryOptions {
  readonly lookBackMicros: number;
  readonly now: () => Micros;
  /** How many finished copies are remembered, newest first; 100,000 if absent, which take some 30 MB. */
  readonly mostFinished?: number | undefined;
}

export const createMemory = ({ lookBackMicros, now, mostFinished = 100_000 }: MemoryOptions): Memory => {
  let state = nothing();
  let heard: Set<string> | null = null; // ids that other replicas reported during this poll
  let last: Promise<unknown> = Promise.resolve(); // resolves when the previous poll was delivered

  /** The changes in a poll; none before everything was read once. */
  const compare = async (
    { marks, open, unfinished, known }: State,
    copies: readonly CopyOperation[],
    isOwn: boolean,
  ) => {
    const changes: FeedEvent['changes'][number][] = [];
    await inTurns(copies, (copy) => {
      const before = marks.get(copy.id);
      // News that came during this poll may be newer than its answer. If not, the next poll shows the change.
      if (isOwn && heard?.has(copy.id)) return;
      // A result of another replica may arrive late. If that replica's clock is ahead, its time counts only as now.
      const mark = markOf(copy, now());
      if (before !== undefined && mark.observedAt < before.observedAt) return;
      // A poll that reaches further back than the previous one finds forgotten copies again.
      if (isOwn && before === undefined && isFinished(copy.state) && (copy.startedAt ?? known) < known) return;
      const change = changeOf(before, copy);
      const record = open.get(copy.id);
      marks.set(copy.id, mark);
      if (isFinished(copy.state)) open.delete(copy.id);
      else open.set(copy.id, copy);
      if (change !== null && unfinished !== null) changes.push({ ...change, copy, before: record });
    });
    return changes;
  };

  /** Drops copies that a complete poll did not return, and finished ones that are older than any poll reaches. */
  const prune = async (from: State, { copies, report: { observedAt } }: Look, since: Micros): Promise<void> => {
    const { marks, open } = from;
    const ids = new Set<string>();
    await inTurns(copies, ({ id }) => void ids.add(id));
    const oldest = now() - lookBackMicros;
    await inTurns(marks, ([id, { startedAt, ...mark }]) => {
      if (ids.has(id) || heard?.has(id)) return;
      if (observedAt === null || mark.observedAt >= observedAt) return; // another replica has seen it since
      if (startedAt !== null && startedAt < since && startedAt >= oldest && open.has(id)) return;
      marks.delete(id);
      open.delete(id);
    });
    from.known = Math.max(from.known, since);
    await bound(from);
  };

  /** Drops the oldest finished copies over the limit, and a tenth more, so that it happens rarely. */
  const bound = async (from: State): Promise<void> => {
    const { marks, open } = from;
    if (marks.size - open.size <= mostFinished) return;
    const starts: number[] = [];
    await inTurns(marks, ([id, { startedAt }]) => void (open.has(id) || starts.push(startedAt ?? 0)));
    const kept =
      Float64Array.from(starts)
        .sort()
        .at(-Math.floor(mostFinished * 0.9)) ?? 0;
    await inTurns(marks, ([id, { startedAt }]) => {
      if (!open.has(id) && (startedAt ?? 0) < kept) marks.delete(id);
    });
    from.known = Math.max(from.known, kept);
  };

  const takeIn = async (seen: Look, whole: Micros | null): Promise<Omit<Taken, 'told'> | null> => {
    const mine = state;
    const isOther = !isSameReport(mine.report, seen.report);
    // Old records are not news: they replace a failed read.
    const changes = seen.report.stale ? [] : await compare(mine, seen.copies, whole !== null);
    if (whole !== null && seen.report.complete && !seen.report.stale) await prune(mine, seen, whole);
    if (state !== mine) return null;
    mine.report = seen.report; // together with the copies it is about
    const becomesReady = whole !== null && mine.unfinished === null && seen.report.ok;
    if (becomesReady || mine.unfinished !== null) mine.unfinished = [...mine.open.values()];
    return { changes, isNews: isOther || becomesReady || changes.length > 0 };
  };

  return {
    take: async (seen, whole) => {
      const before = last;
      let told = (): void => undefined;
      last = new Promise<void>((resolve) => (told = resolve));
      await before;
      const taken = await takeIn(seen, whole).catch((error: unknown) => {
        told();
        throw error;
      });
      if (taken === null) told();
      return taken === null ? null : { ...taken, told };
    },
    unfinished: () => state.unfinished,
    report: () => state.report,
    knows: (id) => state.marks.has(id),
    lookBegins: () => void (heard = new Set()),
    hear: ({ copies }) => {
      for (const { id } of copies) heard?.add(id);
    },
    lookEnds: () => void (heard = null),
    forget: () => void (state = nothing()),
  };
};
