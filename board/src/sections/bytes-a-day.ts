import {
  BytesADayByTargetDocument,
  type BytesADayByTargetQuery,
  type CopyOperationFilter,
} from '../../generated/graphql.js';
import { copiesOf } from '../copies-of.js';
import { dayOf, timeZone } from '../format.js';
import { type PageState, choice, usePage } from '../page-state.js';
import { settings } from '../settings.js';
import { type Loaded, useQuery } from '../use-query.js';
import { targetName } from '../words.js';

/** Further targets are combined into one series, because more colours cannot be distinguished. */
const MOST_SERIES = 7;

export const offeredDays = [7, 14, 30].filter((days) => days === 7 || days * 24 <= settings.lookBackHours);

export const daysOf = (page: PageState): number => choice(page.days, offeredDays);

/** The days of the chart, oldest first, as the graph writes them. */
export const daysBack = (days: number, now = new Date()): readonly string[] =>
  Array.from({ length: days }, (_, index) =>
    dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1 + index)),
  );

export const bytesFilter = (page: PageState): CopyOperationFilter => {
  const now = new Date();
  const start = new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysOf(page) + 1);
  return copiesOf(page, { startedAfter: start.toISOString() });
};

export const useBytes = (): Loaded<BytesADayByTargetQuery> => {
  const page = usePage();
  return useQuery({
    document: BytesADayByTargetDocument,
    name: `${daysOf(page)} ${page.upstream ?? ''}`,
    variables: () => ({ filter: bytesFilter(page), timeZone }),
    seconds: 60,
  });
};

/** The bytes that went to one place, day by day. */
export interface Series {
  /** `CopyTarget.id`; `null` for several places together, or if none is reported. */
  readonly id: string | null;
  readonly name: string;
  readonly upstream: string | null;
  readonly byDay: ReadonlyMap<string, number>;
  readonly total: number;
}

type Group = NonNullable<BytesADayByTargetQuery['copySummary']>['groups'][number];

const seriesOf = (groups: readonly Group[]): readonly Series[] => {
  const all = new Map<string, Series>();
  for (const { day, target, upstream, copiedBytes } of groups) {
    const size = Number(copiedBytes ?? 0);
    if (size === 0 || !day) continue;
    const key = target?.id ?? `${upstream?.name ?? ''} none`;
    const known = all.get(key) ?? {
      ...{ id: target?.id ?? null, name: targetName(target), upstream: upstream?.name ?? null },
      ...{ byDay: new Map<string, number>(), total: 0 },
    };
    const byDay = new Map(known.byDay).set(day, (known.byDay.get(day) ?? 0) + size);
    all.set(key, { ...known, byDay, total: known.total + size });
  }
  return [...all.values()].sort((a, b) => b.total - a.total);
};

const together = (rest: readonly Series[]): Series => {
  const byDay = new Map<string, number>();
  for (const one of rest) for (const [day, size] of one.byDay) byDay.set(day, (byDay.get(day) ?? 0) + size);
  const total = rest.reduce((sum, one) => sum + one.total, 0);
  return { id: null, name: `${rest.length} others`, upstream: null, byDay, total };
};

/** The largest first; the smallest of many are one. */
export const chartOf = ({ copySummary }: BytesADayByTargetQuery): readonly Series[] => {
  const all = seriesOf(copySummary?.groups ?? []);
  if (all.length <= MOST_SERIES + 1) return all;
  return [...all.slice(0, MOST_SERIES), together(all.slice(MOST_SERIES))];
};
