import { Counter, Gauge, type Registry } from 'prom-client';
import type { WatchedFigures } from '../domain/copy-figures.js';
import type { Micros } from '../domain/micros.js';

/** One value of a metric. */
type Series = readonly [labels: Readonly<Record<string, string>>, value: number];

export interface CopyMetricsOptions {
  readonly registry: Registry;
  readonly figures: () => readonly WatchedFigures[];
  readonly now: () => Micros;
  readonly maxSeries: () => number;
}

/** The metrics of the copies themselves. A scrape reads the results of the last poll. */
export interface CopyMetrics {
  finished(upstream: string, kind: string, state: string): void;
}

/** The value of each gauge for one upstream. A value that has not been read completely is absent, not 0. */
const gauges: readonly (readonly [
  name: string,
  help: string,
  labels: readonly string[],
  series: (figures: WatchedFigures, now: Micros) => readonly Series[],
])[] = [
  [
    'copygraph_copies',
    'Copies that have not ended, by the kind of their target and their state.',
    ['upstream', 'target_kind', 'state'],
    ({ upstream, copies }) =>
      (copies?.unfinished ?? []).map(({ kind, state, count }) => [{ upstream, target_kind: kind, state }, count]),
  ],
  [
    'copygraph_copies_failed_recently',
    'Copies that failed or ended in part within the last 24 hours, by category.',
    ['upstream', 'target_kind', 'category'],
    ({ upstream, copies }) =>
      (copies?.failed ?? []).map(({ kind, category, count }) => [{ upstream, target_kind: kind, category }, count]),
  ],
  [
    'copygraph_copies_stalled',
    'Running copies whose bytes have not grown for watch.stalledMinutes.',
    ['upstream', 'target_kind'],
    ({ upstream, copies }) =>
      (copies?.stalled ?? []).map(({ kind, count }) => [{ upstream, target_kind: kind }, count]),
  ],
  [
    'copygraph_last_success_timestamp_seconds',
    'When the last copy ended well, in seconds since 1970.',
    ['upstream', 'target_kind'],
    ({ upstream, copies }) =>
      (copies?.lastSuccess ?? []).map(({ kind, at }) => [{ upstream, target_kind: kind }, at / 1_000_000]),
  ],
  [
    'copygraph_objects',
    'Protected objects.',
    ['upstream'],
    ({ upstream, objects }) => (objects === null ? [] : [[{ upstream }, objects.count]]),
  ],
  [
    'copygraph_objects_without_offsite',
    'Objects without a good copy off site whose data are younger than watch.offsiteLagHours.',
    ['upstream'],
    ({ upstream, objects }) => (objects === null ? [] : [[{ upstream }, objects.withoutOffsite]]),
  ],
  [
    'copygraph_offsite_lag_seconds',
    'The age of the newest good data off site, for the object where it is oldest. Objects without such a copy do not count.',
    ['upstream'],
    ({ upstream, objects }) =>
      objects === null || objects.worstLagSeconds === null ? [] : [[{ upstream }, objects.worstLagSeconds]],
  ],
  [
    'copygraph_index_megabytes',
    'The memory of the recent copies, in MiB, as far as it is counted.',
    ['upstream'],
    ({ upstream, megabytes }) => [[{ upstream }, megabytes]],
  ],
  [
    'copygraph_index_hours',
    'How far back the last complete poll of the copies reached.',
    ['upstream'],
    ({ upstream, hours }) => (hours === null ? [] : [[{ upstream }, hours]]),
  ],
  [
    'copygraph_index_age_seconds',
    'How long ago the last poll began that the upstream answered.',
    ['upstream'],
    ({ upstream, lookedAt }, now) => (lookedAt === null ? [] : [[{ upstream }, Math.max(0, now - lookedAt) / 1e6]]),
  ],
];

/** `maxSeries` limits the gauges of one scrape together. A gauge of its own counts those left out. */
export const createCopyMetrics = ({ registry, figures, now, maxSeries }: CopyMetricsOptions): CopyMetrics => {
  const registers = [registry];
  let left = 0;
  let dropped = 0;
  gauges.forEach(([name, help, labelNames, seriesOf], place) => {
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        if (place === 0) [left, dropped] = [maxSeries(), 0]; // the first gauge of a scrape
        this.reset();
        for (const [labels, value] of figures().flatMap((one) => seriesOf(one, now()))) {
          if (left > 0) this.set(labels, value);
          else dropped += 1;
          left = Math.max(0, left - 1);
        }
      },
    });
  });
  new Gauge({
    name: 'copygraph_metric_series_dropped',
    help: 'Series of the gauges of copies left out of this scrape, because there are more than limits.metricSeries.',
    registers,
    collect() {
      this.set(dropped);
    },
  });
  const finished = new Counter({
    name: 'copygraph_copies_finished_total',
    help: 'Copies that ended while the gateway watched, by result. With several replicas, one of them counts.',
    labelNames: ['upstream', 'target_kind', 'state'],
    registers,
  });
  return { finished: (upstream, kind, state) => finished.inc({ upstream, target_kind: kind, state }) };
};
