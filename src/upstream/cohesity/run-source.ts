import { type Activity, isFinished } from '../../domain/activity.js';
import type { CopyOperation } from '../../domain/copy-operation.js';
import type { CopyRun } from '../../domain/copy-run.js';
import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import { DAY_MICROS, type Micros, hourStart, micros } from '../../domain/micros.js';
import { type ProtectionRun, type ProtectionShell, tasksOf } from '../../domain/protection-run.js';
import type { RunKey } from '../../domain/run-key.js';
import type { UpstreamError } from '../../domain/upstream-error.js';
import type { View } from '../../index/orders.js';
import type { Freshness } from '../../index/coverage.js';
import type { Session } from '../product.js';
import type { Piece, Reading, Source } from '../source.js';
import type { ClusterClient } from './cluster.js';
import { type KnownRuns, type RunsWanted, knowRuns } from './know-runs.js';
import { cohesityLoaders } from './loaders.js';
import { readBeyond } from './read-beyond.js';
import type { RunDetail } from './run-index.js';

/** The record that a list shows of a run. */
export type OfRun = Activity & { readonly run: RunKey; readonly jobId: bigint };

/** The view of a list on runs. */
export interface RunView<R extends OfRun> extends View<ProtectionRun, R> {
  readonly startsLate: boolean; // perhaps hours after its run
}

/** The view of each list; the index keeps an order for each. */
export const runViews = {
  copies: { of: ({ copyRuns }: ProtectionRun): readonly CopyRun[] => copyRuns, startsLate: true },
  tasks: { of: (run: ProtectionRun): readonly CopySnapshotTask[] => tasksOf(run), startsLate: true },
  copiesAndTasks: {
    of: (run: ProtectionRun): readonly (CopyOperation & OfRun)[] => [...run.copyRuns, ...tasksOf(run)],
    startsLate: true,
  },
  shells: { of: ({ shell }: ProtectionRun): readonly ProtectionShell[] => [shell], startsLate: false },
} as const;

/** The runs that a source reads, and its view of them. */
export interface RunsRequest<R extends OfRun> {
  readonly detail: RunDetail;
  readonly jobIds: readonly string[] | null; // decimal; null: all jobs
  readonly sourceId?: string | undefined; // only runs that protect this source; decimal
  readonly view: RunView<R>;
  readonly where?: ((record: R) => boolean) | undefined;
  /** Whether settled runs are wanted: by default all, otherwise those that the index has not evicted, or none. */
  readonly settled?: 'all' | 'kept' | 'none';
}

// "since 1970" is five steps instead of fifteen, each of which may read everything again
const LONGEST_STEP = 16 * DAY_MICROS;
const AT_ONCE = 250; // records in one piece
const FEW = 50; // records in the first

/**
 * A copy may start hours after its run, and a list is sorted by the copy's start. So runs are read from this much
 * earlier.
 */
const LATE_START = DAY_MICROS;

/** The beginning of each step: a day back, then twice as far, down to the window's own beginning. */
const floorsOf = (from: Micros, to: number, atOnce: boolean): readonly number[] => {
  const floors: number[] = [];
  let step = DAY_MICROS;
  for (let floor = to - step; floor > from && step <= LONGEST_STEP && !atOnce; floor -= step) {
    floors.push(floor);
    step *= 2;
  }
  return [...floors, from];
};

/** The runs that a request needs in the index. */
const wantedFrom = (
  session: Session,
  cluster: ClusterClient,
  request: Pick<RunsRequest<OfRun>, 'detail' | 'jobIds' | 'sourceId' | 'settled'>,
): ((since: Micros) => RunsWanted) => {
  const { detail, jobIds, sourceId, settled = 'all' } = request;
  const { index, sharing } = cluster.runs.of(session, detail, sourceId);
  const reader = { upstream: cluster.upstream.name, loaders: cohesityLoaders(session), detail, sourceId, index };
  return (since) => ({ cluster, reader, sharing, jobIds, since, openOnly: settled !== 'all' });
};

/** A request being answered. */
interface Under<R extends OfRun> extends RunsRequest<R> {
  readonly cluster: ClusterClient;
  readonly reading: Reading;
  readonly wantedSince: (since: Micros) => RunsWanted;
}

/** Whether a record is shown: since a time, of the jobs asked for. A run without a start may belong to any time. */
const passes = <R extends OfRun>({ jobIds, where }: RunsRequest<R>, since: number): ((record: R) => boolean) => {
  const jobs = jobIds === null ? null : new Set(jobIds);
  return (record) =>
    !(Number(record.run.startTimeUsecs) < since) &&
    (jobs === null || jobs.has(record.run.jobId)) &&
    where?.(record) !== false;
};

type Pieces<R> = AsyncGenerator<Piece<R>, void, void>;

const readRuns = async function* <R extends OfRun>(under: Under<R>): Pieces<R> {
  const { window, backward, whole, now } = under.reading;
  if (window.to !== null && window.to <= window.from) return;
  const late = under.view.startsLate ? LATE_START : 0;
  let counted = 0; // a step covers the previous one again, and its unreadable records must not count twice
  for (const floor of floorsOf(window.from, Math.min(window.to ?? now, now), backward || whole)) {
    const wanted = under.wantedSince(micros(Math.max(1, hourStart(floor - late))));
    const known = await knowRuns(wanted);
    if (known.kind === 'beyond') return yield* passBy(under, wanted);
    yield* shown(under, wanted, known, floor);
    if (known.error !== null) throw known.error;
    const { unreadable } = known.basis;
    const reached = backward ? Number.POSITIVE_INFINITY : floor;
    yield { records: [], reached, observedAt: null, unreadable: Math.max(0, unreadable - counted) };
    counted = Math.max(counted, unreadable);
  }
};

/**
 * A cluster's runs as a source of a merged list. `startTimeUsecs` limits when a run started. The only upper limit,
 * `endTimeUsecs`, is about its end: used as the end of a slice, it would hide a run that began inside and ended after.
 * So everything since one point in time is read, and that point moves back, twice as far each time, until the page is
 * full. A default list takes one step.
 */
export const protectionRunSource = <R extends OfRun>(
  session: Session,
  cluster: ClusterClient,
  request: RunsRequest<R>,
): Source<R> => ({
  upstream: cluster.upstream.name,
  goesOnSince: () => cluster.runs.of(session, request.detail, request.sourceId).index.goesOnSince(),
  read: (reading) => readRuns({ cluster, reading, wantedSince: wantedFrom(session, cluster, request), ...request }),
});

/** The records in the index down to a time, newest first, in pieces, so that a reader can stop early. */
const shown = async function* <R extends OfRun>(
  under: Under<R>,
  { reader: { index, loaders }, since }: RunsWanted,
  { basis, failure, error, fresh }: KnownRuns,
  floor: number,
): Pieces<R> {
  const { window, backward, whole } = under.reading;
  const part = { from: floor, to: window.to, groups: under.jobIds, openOnly: under.settled === 'none' };
  await index.prepare(under.view, part);
  const { hours, unplaced } = index.snapshot(under.view, part);
  const fits = passes(under, since);
  const isRecent = error === null ? () => true : isFreshFor(fresh);
  const isIn = ({ startedAt }: R): boolean =>
    startedAt !== null && startedAt >= floor && (window.to === null || startedAt < window.to);
  const from = (records: readonly R[]): readonly R[] => {
    if (!whole) primeRuns(under, index, loaders, records);
    return records;
  };
  // After a failure some records of any time may be missing: then nothing is complete down to any time.
  const claims = error === null && !backward;
  const { observedAt, reasons } = basis;
  const common = { unreadable: 0, ...(failure === null ? {} : { failure }) };
  yield {
    records: from(unplaced.filter((one) => fits(one) && isRecent(one))),
    reached: null,
    observedAt,
    reasons,
    ...common,
  };
  const isShown = (one: R): boolean => isIn(one) && fits(one) && isRecent(one);
  for (const records of inPieces(hours, isShown)) {
    const oldest = records.at(-1)?.startedAt ?? null;
    yield { records: from(records), reached: claims ? oldest : null, observedAt: null, ...common };
  }
};

/**
 * The records that are shown, in pieces: small ones first, because a page may need no more. Each piece has everything
 * that started at its oldest time.
 */
function* inPieces<R extends OfRun>(
  hours: readonly (readonly R[])[],
  isShown: (record: R) => boolean,
): Generator<readonly R[], void, void> {
  let [piece, size]: [R[], number] = [[], FEW];
  for (const hour of hours) {
    for (const record of hour) {
      if (!isShown(record)) continue;
      if (piece.length >= size && piece.at(-1)?.startedAt !== record.startedAt) {
        yield piece;
        [piece, size] = [[], Math.min(2 * size, AT_ONCE)];
      }
      piece.push(record);
    }
  }
  if (piece.length > 0) yield piece;
}

/** If the cluster failed, only recent enough records are shown as current. */
const isFreshFor =
  ({ movingSince, settledSince }: Freshness) =>
  ({ state, observedAt }: Activity): boolean =>
    observedAt > (isFinished(state) ? settledSince : movingSince);

/** Gives the runs of shown records to the loaders, so that fields below do not read them again. */
const primeRuns = <R extends OfRun>(
  { detail }: Under<R>,
  index: RunsWanted['reader']['index'],
  loaders: RunsWanted['reader']['loaders'],
  records: readonly R[],
): void => {
  const runs = new Set(records.map(({ run }) => index.find(run.jobId, run.startTimeUsecs)));
  loaders.primeRuns(
    [...runs].filter((run) => run !== null),
    detail,
  );
};

/** Yields everything in the window as it is read, without storing it in the index. */
const passBy = async function* <R extends OfRun>(under: Under<R>, wanted: RunsWanted): Pieces<R> {
  const { window, backward } = under.reading;
  const since = micros(Math.max(1, Math.min(wanted.since, hourStart(window.from - LATE_START))));
  const fits = passes(under, since);
  let unreadable = 0;
  for await (const read of readBeyond(under.wantedSince(since))) {
    unreadable += read.records.reduce((sum, run) => sum + run.unreadable, read.unreadable);
    const { observedAt, reasons } = read;
    const failure: UpstreamError | undefined = read.failure;
    const records = read.records
      .flatMap(under.view.of)
      .filter((one) => fits(one) && (one.startedAt === null || one.startedAt >= window.from));
    yield { records, reached: null, observedAt, unreadable: 0, failure, reasons };
  }
  yield { records: [], reached: backward ? Number.POSITIVE_INFINITY : window.from, observedAt: null, unreadable };
};

/** Every run since a time, for any view. */
export const runsSince = async function* (
  session: Session,
  cluster: ClusterClient,
  request: Pick<RunsRequest<OfRun>, 'detail' | 'jobIds' | 'sourceId'>,
  since: Micros,
): AsyncGenerator<readonly ProtectionRun[], void, void> {
  const from = micros(Math.max(1, hourStart(since - LATE_START)));
  const wanted = wantedFrom(session, cluster, request)(from);
  const { jobIds, reader } = wanted;
  const known = await knowRuns(wanted);
  if (known.kind === 'beyond') {
    for await (const { records } of readBeyond(wanted)) yield records;
    return;
  }
  const jobs = jobIds === null ? null : new Set(jobIds);
  yield [...reader.index.since(from)].filter(({ run }) => jobs === null || jobs.has(run.jobId));
  if (known.error !== null) throw known.error;
};
