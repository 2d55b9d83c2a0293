import type { CopyJob } from '../domain/copy-job.js';
import { DAY_MICROS, type Micros, micros } from '../domain/micros.js';
import type { CopyJobsQuery } from '../upstream/aws-backup/client.js';
import type { Loaders } from './loaders.js';
import type { Piece, Source } from './merge.js';

const MAX_RESULTS = 1000; // the most that ListCopyJobs takes
const NARROWEST = 60_000_000; // one minute: a slice that is full at this width is paged through instead of split

/** Whether a bound of `ListCopyJobs` includes its own moment is not stated, so a second more is asked for, and cut here. */
const MARGIN = 1_000_000;

export interface CopyJobsRequest {
  readonly upstream: string;
  readonly loaders: Loaders;
  /** What is pushed down beside the window: the source reads one list for each. */
  readonly queries: readonly CopyJobsQuery[];
}

interface Slice {
  readonly from: number; // inclusive
  readonly to: number | null; // exclusive; null: open
}

/**
 * An AWS Backup endpoint's copy jobs as a source of a merged list. AWS states no order, so time is cut into slices: a
 * day, then twice as long each time. A slice is read whole; one that has more than a page is split, unless all of it is
 * wanted anyway. One call for each slice that fits a page.
 */
export const copyJobSource = ({ upstream, loaders, queries }: CopyJobsRequest): Source<CopyJob> => {
  const page = async (slice: Slice, query: CopyJobsQuery, nextToken?: string) =>
    loaders.copyJobs.load({
      upstream,
      query: {
        ...query,
        createdAfter: micros(slice.from - MARGIN),
        ...(slice.to === null ? {} : { createdBefore: micros(slice.to + MARGIN) }),
        maxResults: MAX_RESULTS,
        ...(nextToken === undefined ? {} : { nextToken }),
      },
    });

  const readSlice = async function* (
    slice: Slice,
    backward: boolean,
    whole: boolean,
    now: Micros,
  ): AsyncGenerator<Piece<CopyJob>> {
    const firsts = await Promise.all(queries.map((query) => page(slice, query)));
    const full = firsts.some(({ nextToken }) => nextToken !== null);
    const width = (slice.to ?? now) - slice.from;
    if (full && !whole && width > NARROWEST) {
      const middle = slice.from + Math.floor(width / 2);
      const halves: readonly Slice[] = [
        { from: middle, to: slice.to },
        { from: slice.from, to: middle },
      ];
      for (const half of backward ? halves.toReversed() : halves) yield* readSlice(half, backward, whole, now);
      return;
    }
    for (const [index, first] of firsts.entries()) {
      let current = first;
      for (;;) {
        const records = current.records.filter((job) => isIn(slice, job));
        records.forEach((job) => loaders.copyJob.prime({ upstream, copyJobId: job.copyJobId }, job));
        yield { records, reached: null, observedAt: current.observedAt, unreadable: current.unreadable };
        if (current.nextToken === null) break;
        current = await page(slice, queries[index] ?? {}, current.nextToken);
      }
    }
    const reached = backward ? (slice.to ?? Number.POSITIVE_INFINITY) : slice.from;
    yield { records: [], reached, observedAt: null, unreadable: 0 };
  };

  return {
    upstream,
    read: async function* ({ window, backward, whole, now }) {
      const slices = slicesOf(window.from, window.to, now);
      for (const slice of backward ? slices.toReversed() : slices) yield* readSlice(slice, backward, whole, now);
    },
  };
};

/** A job without a creation time cannot be placed; whatever slice it came in, it is kept. */
const isIn = ({ from, to }: Slice, { startedAt }: CopyJob): boolean =>
  startedAt === null || (startedAt >= from && (to === null || startedAt < to));

/** Newest first. The newest one is open at its end, for jobs that come while we read. */
const slicesOf = (from: Micros, to: Micros | null, now: Micros): readonly Slice[] => {
  const slices: Slice[] = [];
  let end: number | null = to;
  let width = DAY_MICROS;
  for (let start = (to ?? now) - width; start > from; start -= width) {
    slices.push({ from: start, to: end });
    end = start;
    width *= 2;
  }
  return [...slices, { from, to: end }];
};
