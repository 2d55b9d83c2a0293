import { scaleBand, scaleLinear } from 'd3-scale';
import { stack, stackOrderNone } from 'd3-shape';
import { useEffect, useRef, useState } from 'preact/hooks';
import { bytes, dayAlone, shortDay } from '../format.js';
import { go, only } from '../page-state.js';
import type { Series } from './bytes-a-day.js';

const HEIGHT = 240;
const LEFT = 56;
const BOTTOM = 26;
const TOP = 8;

interface Column {
  readonly day: string;
  readonly values: readonly number[];
}

interface ChartProps {
  readonly days: readonly string[];
  readonly series: readonly Series[];
}

/** How wide the place for it is, as it changes. */
const useWidth = () => {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    const box = ref.current;
    if (box === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 640)));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
};

const scalesFor = (columns: readonly Column[], width: number) => {
  const most = Math.max(1, ...columns.map(({ values }) => values.reduce((sum, one) => sum + one, 0)));
  return {
    x: scaleBand(
      columns.map(({ day }) => day),
      [LEFT, width],
    )
      .paddingInner(0.28)
      .paddingOuter(0.14),
    y: scaleLinear([0, most], [HEIGHT - BOTTOM, TOP]).nice(4),
  };
};

type Scales = ReturnType<typeof scalesFor>;

const Axes = ({ days, x, y, width }: Scales & { readonly days: readonly string[]; readonly width: number }) => {
  const each = Math.ceil(days.length / Math.max(1, Math.floor((width - LEFT) / (width < 560 ? 44 : 72))));
  return (
    <g class="axes">
      {y.ticks(4).map((tick) => (
        <g key={tick} transform={`translate(0 ${y(tick)})`}>
          <line x1={LEFT} x2={width} />
          <text x={LEFT - 8} dy="0.32em" text-anchor="end">
            {tick === 0 ? '0' : bytes(tick)}
          </text>
        </g>
      ))}
      {days.map((day, index) =>
        (days.length - 1 - index) % each === 0 ? (
          <text key={day} x={(x(day) ?? 0) + x.bandwidth() / 2} y={HEIGHT - 7} text-anchor="middle">
            {width < 560 ? dayAlone(day) : shortDay(day)}
          </text>
        ) : null,
      )}
    </g>
  );
};

/** The parts of a column, beside it. */
const Tip = ({
  column,
  series,
  left,
}: {
  readonly column: Column;
  readonly series: readonly Series[];
  readonly left: string;
}) => (
  <div class="tip" style={{ left }} aria-hidden="true">
    <b>{shortDay(column.day)}</b>
    <b>{bytes(column.values.reduce((sum, one) => sum + one, 0))}</b>
    {series.map(({ name }, index) =>
      (column.values[index] ?? 0) > 0 ? (
        <>
          <span>
            <i class={`swatch c${index}`} /> {name}
          </span>
          <span>{bytes(column.values[index])}</span>
        </>
      ) : null,
    )}
  </div>
);

/** Bytes a day, stacked by target. Its numbers are in the table below it too, which the keyboard reaches. */
export const BytesChart = ({ days, series }: ChartProps) => {
  const { ref, width } = useWidth();
  const [over, setOver] = useState<number | null>(null);
  const columns = days.map((day) => ({ day, values: series.map(({ byDay }) => byDay.get(day) ?? 0) }));
  const scales = scalesFor(columns, width);
  const { x, y } = scales;
  const layers = stack<unknown, Column, number>()
    .keys(series.map((_, index) => index))
    .value(({ values }, index) => values[index] ?? 0)
    .order(stackOrderNone)(columns);
  const column = over === null ? undefined : columns[over];
  const at = column === undefined ? 0 : (x(column.day) ?? 0) + x.bandwidth() / 2;
  return (
    <div class="chart" ref={ref} onPointerLeave={() => setOver(null)}>
      <svg
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label="Bytes copied each day, by target; the table below has the numbers"
      >
        <Axes days={days} width={width} {...scales} />
        {layers.map((layer, index) => (
          <g key={series[index]?.id ?? index} class={`layer c${index}`}>
            {layer.map(([from, to], nth) => (
              <rect
                key={days[nth]}
                x={x(days[nth] ?? '')}
                width={x.bandwidth()}
                y={y(to)}
                height={Math.max(0, y(from) - y(to))}
                class={over === null || over === nth ? undefined : 'dim'}
                onPointerEnter={() => setOver(nth)}
                onClick={() => go(only({ target: series[index]?.id ?? undefined, day: days[nth] }))}
              />
            ))}
          </g>
        ))}
      </svg>
      {column === undefined ? null : (
        <Tip column={column} series={series} left={`clamp(0px, ${Math.round(at)}px - 7rem, 100% - 14rem)`} />
      )}
    </div>
  );
};
