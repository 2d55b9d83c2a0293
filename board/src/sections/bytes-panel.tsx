import type { BytesADayByTargetQuery } from '../../generated/graphql.js';
import { bytes, shortDay } from '../format.js';
import { only, usePage } from '../page-state.js';
import { Choice, Link } from '../parts/link.js';
import { Body, Empty, Panel } from '../parts/panel.js';
import type { Loaded } from '../use-query.js';
import { type Series, chartOf, daysBack, daysOf, offeredDays } from './bytes-a-day.js';
import { BytesChart } from './bytes-chart.js';

const Legend = ({ series }: { readonly series: readonly Series[] }) => (
  <ul class="legend">
    {series.map(({ id, name, upstream, total }, index) => {
      const content = (
        <>
          <i class={`swatch c${index}`} />
          <span title={name}>
            {name}
            {upstream === null ? null : <small> {upstream}</small>}
          </span>
          <b>{bytes(total)}</b>
        </>
      );
      return (
        <li key={id ?? name}>
          {id === null ? <span>{content}</span> : <Link to={only({ target: id })}>{content}</Link>}
        </li>
      );
    })}
  </ul>
);

interface TableProps {
  readonly days: readonly string[];
  readonly series: readonly Series[];
}

const Cell = ({ day, one }: { readonly day: string; readonly one: Series }) => {
  const size = one.byDay.get(day);
  if (size === undefined) return <td>–</td>;
  return <td>{one.id === null ? bytes(size) : <Link to={only({ target: one.id, day })}>{bytes(size)}</Link>}</td>;
};

const Table = ({ days, series }: TableProps) => (
  <details class="table">
    <summary>The numbers as a table</summary>
    <div class="scroll" tabIndex={0} role="region" aria-label="Bytes a day by target">
      <table>
        <thead>
          <tr>
            <th scope="col">Target</th>
            {days.map((day) => (
              <th key={day} scope="col">
                {shortDay(day)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map((one) => (
            <tr key={one.id ?? one.name}>
              <th scope="row">{one.name}</th>
              {days.map((day) => (
                <Cell key={day} day={day} one={one} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);

/** How much was copied each day, and to where. */
export const Bytes = ({ loaded }: { readonly loaded: Loaded<BytesADayByTargetQuery> }) => {
  const page = usePage();
  const days = daysBack(daysOf(page));
  const summary = loaded.data?.copySummary;
  return (
    <Panel
      id="bytes"
      title="Bytes a day, by target"
      total={summary?.total.copiedBytes ? <b data-figure="bytes">{bytes(summary.total.copiedBytes)}</b> : undefined}
      tools={
        offeredDays.length > 1 ? (
          <Choice label="Days" offered={offeredDays} chosen={daysOf(page)} name="days" text={(n) => `${n} days`} />
        ) : (
          <span class="hint">last 7 days</span>
        )
      }
      reports={summary?.upstreamReports}
    >
      <Body loaded={loaded} rows={6}>
        {(data) => {
          const series = chartOf(data);
          if (series.length === 0)
            return <Empty text={`Nothing was copied in ${days.length} days.`} reports={summary?.upstreamReports} />;
          return (
            <>
              <BytesChart days={days} series={series} />
              <Legend series={series} />
              <Table days={days} series={series} />
            </>
          );
        }}
      </Body>
    </Panel>
  );
};
