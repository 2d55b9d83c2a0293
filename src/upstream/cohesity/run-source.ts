import { createKeeper } from '../../cache/keeper.js';
import { isUpstreamDown } from '../../cache/read-through.js';
import { type Part, hourStart } from '../../cache/slices.js';
import { runWeight } from './cache.js';
import { DAY_MICROS, type Micros, micros } from '../../domain/micros.js';
import type { Timed } from '../../domain/order.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import type { Read } from '../../calling/call.js';
import type { Piece, Source } from '../source.js';
import { readSince } from './read-runs.js';
import { type Reader, type Runs, type RunsRequest, prime } from './runs-answer.js';

const LONGEST_STEP = 16 * DAY_MICROS; // "since 1970" is five steps and not fifteen, each of which reads all again

/**
 * A copy may start hours after its run did, and a list is sorted by the copy's start: so runs are read from so much
 * earlier than the list begins.
 */
const LATE_START = DAY_MICROS;

/**
 * A cluster's runs as a source of a merged list. `startTimeUsecs` bounds when a run started, but the only upper bound,
 * `endTimeUsecs`, is about when it ended: used as the other end of a slice it would hide a run that began inside and
 * ended after. So what is read is everything since a point in time, and that point moves back, by twice as much each
 * time, while the page is not full. One call for each step and job; a default list is one step.
 */
export const protectionRunSource = <T extends Timed>(request: RunsRequest<T>): Source<T> => ({
  upstream: request.upstream,
  read: async function* ({ window, backward, whole, now }) {
    if (window.to !== null && window.to <= window.from) return;
    const reader: Reader<T> = { ...request, whole, byJob: request.jobIds };
    const late = request.detail === 'shell' ? 0 : LATE_START;
    let counted = 0; // a step reads the one before again, and what it cannot read must not count twice
    for (const floor of floorsOf(window.from, Math.min(window.to ?? now, now), backward || whole)) {
      let unreadable = 0;
      for await (const read of readKnown(reader, micros(Math.max(1, hourStart(floor - late))))) {
        unreadable += read.records.reduce((sum, run) => sum + run.unreadable, read.unreadable);
        // What the step before has brought comes again and is dropped where it is merged; a copy that began later after
        // its run than is allowed for is new.
        const records = read.records
          .flatMap(request.recordsOf)
          .filter(({ startedAt }) => startedAt === null || startedAt >= floor);
        yield {
          records,
          reached: null,
          observedAt: read.observedAt,
          unreadable: 0,
          failure: read.failure,
          reasons: read.reasons,
        } satisfies Piece<T>;
      }
      const reached = backward ? Number.POSITIVE_INFINITY : floor;
      yield { records: [], reached, observedAt: null, unreadable: Math.max(0, unreadable - counted) };
      counted = Math.max(counted, unreadable);
    }
  },
});

/** Where each step begins: a day back, then twice as far, down to the window's own beginning. */
const floorsOf = (from: Micros, to: number, atOnce: boolean): readonly number[] => {
  const floors: number[] = [];
  let step = DAY_MICROS;
  for (let floor = to - step; floor > from && step <= LONGEST_STEP && !atOnce; floor -= step) {
    floors.push(floor);
    step *= 2;
  }
  return [...floors, from];
};

const toRead = (part: Part<ProtectionRun> & { readonly kind: 'known' }): Read<ProtectionRun> => ({
  records: part.records,
  observedAt: part.observedAt,
  unreadable: 0,
});

/**
 * Every run that started at or after a time: out of what is known up to the first hour that is not, and from there on
 * read, since nothing bounds a read at its other end. Where that fails, what was read before stands in, as far as it
 * goes.
 */
const readKnown = async function* <T>(request: Reader<T>, since: Micros): Runs {
  const { slices, loaders, detail, jobIds, sourceId } = request;
  const shape = [detail, jobIds?.join() ?? '*', sourceId ?? '*'].join(' ');
  const parts = await slices.plan(shape, { from: since, to: null }, loaders.call);
  const unknown = parts.findIndex(({ kind }) => kind === 'unknown');
  for (const part of unknown < 0 ? parts : parts.slice(0, unknown))
    if (part.kind === 'known') yield prime(request, toRead(part));
  const from = parts[unknown]?.from;
  if (from === undefined) return;
  const stretch = { from, to: null };
  const kept = createKeeper<ProtectionRun>(slices.keeping(shape, stretch), runWeight);
  try {
    for await (const read of readSince(request, micros(from))) {
      kept.add(read.records, read);
      yield read;
    }
  } catch (error) {
    if (!isUpstreamDown(error)) throw error;
    const old = await slices.fallBack(shape, stretch, loaders.call);
    for (const part of old) if (part.kind === 'known') yield prime(request, { ...toRead(part), failure: error });
    if (old.some(({ kind }) => kind === 'unknown')) throw error;
    return;
  }
  kept.end();
};
