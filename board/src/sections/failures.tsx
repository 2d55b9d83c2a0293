import {
  type CopyOperationFilter,
  FailedByCategoryDocument,
  type FailedByCategoryQuery,
} from '../../generated/graphql.js';
import { copiesOf } from '../copies-of.js';
import { count } from '../format.js';
import { type PageState, choice, only, usePage } from '../page-state.js';
import { Choice, Link } from '../parts/link.js';
import { Body, Empty, Panel } from '../parts/panel.js';
import { settings } from '../settings.js';
import { type Loaded, useQuery } from '../use-query.js';
import { categories } from '../words.js';

const offered = [24, 72, 168].filter((hours) => hours === 24 || hours <= settings.lookBackHours);

/** How far back failures are counted, in hours. */
export const hoursOf = (page: PageState): number => choice(page.hours, offered);

const MINUTE_MS = 60_000;

/**
 * The copies that failed or were partial since then. In whole minutes, so that equal requests of many pages share an
 * answer.
 */
export const failedFilter = (page: PageState): CopyOperationFilter =>
  copiesOf(page, {
    states: ['FAILED', 'PARTIAL'],
    endedAfter: new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - hoursOf(page) * 3_600_000).toISOString(),
  });

export const useFailures = (): Loaded<FailedByCategoryQuery> => {
  const page = usePage();
  return useQuery({
    document: FailedByCategoryDocument,
    name: `${hoursOf(page)} ${page.upstream ?? ''}`,
    variables: () => ({ filter: failedFilter(page) }),
    seconds: 30,
  });
};

interface Row {
  readonly category: keyof typeof categories;
  readonly failed: number;
  readonly partial: number;
}

const rowsOf = ({ copySummary }: FailedByCategoryQuery): readonly Row[] => {
  const rows = new Map<Row['category'], Row>();
  for (const { failureCategory, state, count: n } of copySummary?.groups ?? []) {
    const category = failureCategory ?? 'NONE';
    const { failed, partial } = rows.get(category) ?? { failed: 0, partial: 0 };
    const isPartial = state === 'PARTIAL';
    rows.set(category, { category, failed: failed + (isPartial ? 0 : n), partial: partial + (isPartial ? n : 0) });
  }
  return [...rows.values()].sort((a, b) => b.failed + b.partial - a.failed - a.partial);
};

export const spanText = (hours: number): string => (hours === 24 ? '24 hours' : `${hours / 24} days`);

const CategoryLine = ({ row, most }: { readonly row: Row; readonly most: number }) => (
  <li>
    <Link to={only({ failed: row.category })} class="row category-line">
      <span class="what">{categories[row.category]}</span>
      <span class="measure" aria-hidden="true">
        <i class="failed" style={{ width: `${(row.failed / most) * 100}%` }} />
        <i class="partial" style={{ width: `${(row.partial / most) * 100}%` }} />
      </span>
      <span class="figures">
        <b data-figure={`failed-${row.category}`}>{count(row.failed + row.partial)}</b>
      </span>
      <small>{row.partial > 0 ? `${count(row.partial)} of them partly copied` : ' '}</small>
    </Link>
  </li>
);

const Categories = ({ data }: { readonly data: FailedByCategoryQuery }) => {
  const rows = rowsOf(data);
  const most = Math.max(1, ...rows.map(({ failed, partial }) => failed + partial));
  if (rows.length === 0) return <Empty text="Nothing has failed." reports={data.copySummary?.upstreamReports} />;
  return (
    <ul class="rows">
      {rows.map((row) => (
        <CategoryLine key={row.category} row={row} most={most} />
      ))}
    </ul>
  );
};

/** Last night's failed copies, by category. */
export const Failures = ({ failures }: { readonly failures: Loaded<FailedByCategoryQuery> }) => {
  const page = usePage();
  const summary = failures.data?.copySummary;
  return (
    <Panel
      id="failed"
      title="Failed"
      total={summary ? <b data-figure="failed">{count(summary.total.count)}</b> : undefined}
      tools={
        <Choice label="Failed in the last" offered={offered} chosen={hoursOf(page)} name="hours" text={spanText} />
      }
      reports={summary?.upstreamReports}
    >
      <Body loaded={failures} rows={6}>
        {(data) => <Categories data={data} />}
      </Body>
    </Panel>
  );
};
