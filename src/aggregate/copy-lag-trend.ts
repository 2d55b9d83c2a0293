import { BadInputError } from '../domain/bad-input.js';
import { isGiven } from '../domain/copy-filter.js';
import { createDurations } from '../domain/durations.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';
import { lagReasons } from '../domain/look-back.js';
import { DAY_MICROS, HOUR_MICROS, type Micros, formatDateTime, micros } from '../domain/micros.js';
import { createObjectCopies } from '../domain/object-copies.js';
import { lagsAt } from '../domain/object-history.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { inTurns } from '../calling/event-loop.js';
import type { ProtectedObjectFilter } from '../upstream/product.js';
import { withReasons } from '../upstream/report.js';
import type { ListContext } from './lists.js';
import { lookBackFrom } from './object-copies.js';
import { readObjects } from './object-reads.js';
import { matching } from './protected-objects.js';

/** The lags of all objects at one time. */
export interface LagPoint {
  readonly at: Micros;
  readonly objects: number;
  readonly withoutOffsite: number;
  readonly p95LagSeconds: number | null;
  readonly maxLagSeconds: number | null;
}

export interface CopyLagTrend {
  readonly points: readonly LagPoint[];
  readonly upstreamReports: readonly UpstreamReport[];
}

export type TrendStep = 'HOUR' | 'DAY';

interface TrendArguments {
  readonly filter?: ProtectedObjectFilter | null | undefined;
  readonly from: Micros;
  readonly to?: Micros | null | undefined; // now if absent
  readonly step?: TrendStep | null | undefined; // HOUR if absent
}

const stepMicros: Readonly<Record<TrendStep, number>> = { HOUR: HOUR_MICROS, DAY: DAY_MICROS };

/** The times of the points. The future, and times before the look-back, have none. */
const timesOf = (context: ListContext, { from, to, step: asked }: TrendArguments): readonly Micros[] => {
  const step = asked ?? 'HOUR';
  const { now, limits } = context;
  if (isGiven(to) && to < from)
    throw new BadInputError('to', `to, ${formatDateTime(to)}, is earlier than from, ${formatDateTime(from)}.`);
  if (from > now) throw new BadInputError('from', `from, ${formatDateTime(from)}, is in the future.`);
  const last = Math.floor((Math.min(to ?? now, now) - from) / stepMicros[step]);
  if (last + 1 > limits.maxPageSize)
    throw new BadInputError(
      'from',
      `From ${formatDateTime(from)} there are ${last + 1} points, one each ${step}; the limit is ${limits.maxPageSize} (limits.maxPageSize). Give a later from, or a larger step.`,
    );
  const known = lookBackFrom(context);
  return Array.from({ length: last + 1 }, (_, n) => micros(from + n * stepMicros[step])).filter((at) => at >= known);
};

const secondsOf = (seconds: number | undefined): number | null => (seconds === undefined ? null : Math.floor(seconds));

/** Adds objects up, point by point. */
const createPoints = (times: readonly Micros[]) => {
  const points = times.map((at) => ({ at, objects: 0, withoutOffsite: 0, lags: createDurations() }));
  return {
    add: (lags: readonly (number | null | undefined)[]): void =>
      points.forEach((point, place) => {
        const lag = lags[place];
        if (lag === undefined) return;
        point.objects += 1;
        if (lag === null) point.withoutOffsite += 1;
        else point.lags.add(lag);
      }),
    result: async (): Promise<readonly LagPoint[]> => {
      const told: LagPoint[] = [];
      await inTurns(points, ({ lags, ...point }) => {
        const spread = lags.spread();
        told.push({ ...point, p95LagSeconds: secondsOf(spread?.p95), maxLagSeconds: secondsOf(spread?.max) });
      });
      return told;
    },
  };
};

/**
 * `copyLagTrend`: the lags of all objects at several times, from the same reads as `protectedObjects`. A filter on the
 * sums of an object's copies applies to now.
 */
export const readLagTrend = async (context: ListContext, args: TrendArguments): Promise<CopyLagTrend> => {
  const { now, limits } = context;
  const times = timesOf(context, args);
  const filter = args.filter ?? {};
  const createSum = () => createObjectCopies(now, { history: true });
  const read = await readObjects(context, filter, { posture: true, createSum });
  const matches = matching(filter);
  const points = createPoints(times);
  await inTurns(read.objects, ({ object, sum }) => {
    const { history } = sum.parts();
    if (history !== null && matches({ ...object, copies: sum.result() })) points.add(lagsAt(history, times));
  });
  const reasons: readonly IncompleteReason[] = [
    ...lagReasons(filter.offsiteLagOver, limits.lookBackHours),
    ...(args.from < lookBackFrom(context) ? (['LOOK_BACK'] as const) : []),
  ];
  return {
    points: await points.result(),
    upstreamReports: read.upstreamReports.map((report) => withReasons(report, reasons)),
  };
};
