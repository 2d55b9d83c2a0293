import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { clock } from '../../src/calling/clock.js';
import { createMetrics } from '../../src/edge/metrics.js';
import { describeWithPromtool, promtool, rulesFile, testRules } from '../support/promtool.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
}

const rules = (parse(readFileSync(rulesFile, 'utf8')).groups as { rules: Rule[] }[]).flatMap((group) => group.rules);
const alerts = rules.map(({ alert }) => alert);

const dashboard = JSON.parse(readFileSync('deploy/grafana/copygraph.json', 'utf8'));
const expressions: readonly string[] = dashboard.panels.flatMap(({ targets = [] }: { targets?: { expr: string }[] }) =>
  targets.map(({ expr }) => expr),
);

/** The metrics of a gateway, as `/metrics` names their series. */
const seriesNames = async (): Promise<ReadonlySet<string>> => {
  const metrics = createMetrics({ version: '0.0.0', redis: true });
  metrics.watch([], () => 0);
  metrics.watchCopies({ figures: () => [], now: clock, maxSeries: () => 1 });
  const types = [...(await metrics.text()).matchAll(/^# TYPE (copygraph_\w+) (\w+)/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
};
const namesIn = (expr: string): readonly string[] => expr.match(/\bcopygraph_\w+/g) ?? [];

describe('rules and dashboard', () => {
  it('name metrics that /metrics has, and no others', async () => {
    const known = await seriesNames();
    const used = [...rules.map(({ expr }) => expr), ...expressions].flatMap(namesIn);
    expect(used.length).toBeGreaterThan(rules.length + 15);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
    expect(JSON.stringify(dashboard.templating)).toContain('copygraph_upstream_calls_total');
  });

  it('take the largest of the gauges that replicas show alike, and sum what each counts', () => {
    for (const expr of [...rules.map(({ expr: one }) => one), ...expressions]) {
      const gauges = expr.match(
        /\bcopygraph_(copies|copies_\w*recently|copies_stalled|objects\w*|offsite\w*|last_\w+|index_\w+)\b/g,
      );
      if (gauges !== null) expect([expr, /max( by \([^)]*\))? ?\(copygraph_/.test(expr)]).toEqual([expr, true]);
      if (/_total\b/.test(expr)) expect(expr).toMatch(/sum( by \([^)]*\))? ?\((rate|increase)\(copygraph_/);
    }
  });

  it('have a heading in docs/alerts.md for each rule, in that order, and for nothing else', () => {
    const text = readFileSync('docs/alerts.md', 'utf8');
    expect([...text.matchAll(/^### (.*)$/gm)].map(([, name]) => name)).toEqual(alerts);
    for (const { alert, labels } of rules)
      expect(text).toMatch(new RegExp(`^### ${alert}\\n\\n_${labels.severity}_`, 'm'));
  });
});

interface Case {
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
}

const east = { upstream: 'dc-east' };
const remote = { ...east, target_kind: 'REMOTE' };

/** The series that fire each rule: of two replicas, where a careless sum would count one twice. */
const cases: Readonly<Record<string, Case>> = {
  CopygraphCopyFailed: {
    series: {
      'copygraph_copies_failed_recently{upstream="dc-east",target_kind="REMOTE",category="CAPACITY",instance="a"}':
        '0 3 3',
      'copygraph_copies_failed_recently{upstream="dc-east",target_kind="REMOTE",category="CAPACITY",instance="b"}':
        '0 3 3',
    },
    at: '1m',
    labels: { ...remote, category: 'CAPACITY', severity: 'warning' },
    summary: '3 copies of dc-east to REMOTE failed within 24 hours (CAPACITY)',
  },
  CopygraphCopiesStalled: {
    series: {
      'copygraph_copies_stalled{upstream="dc-east",target_kind="REMOTE",instance="a"}': '1x10',
      'copygraph_copies_stalled{upstream="dc-east",target_kind="REMOTE",instance="b"}': '1x10',
    },
    at: '6m',
    labels: { ...remote, severity: 'warning' },
    summary: '1 running copies of dc-east to REMOTE do not move',
  },
  CopygraphNoRecentSuccess: {
    series: { 'copygraph_last_success_timestamp_seconds{upstream="dc-east",target_kind="REMOTE"}': '0x1700' },
    at: '1620m',
    labels: { ...remote, severity: 'critical' },
    summary: 'No copy of dc-east to REMOTE has ended well for 1d 3h 0m 0s',
  },
  CopygraphObjectsWithoutOffsite: {
    series: { 'copygraph_objects_without_offsite{upstream="dc-east"}': '2x60' },
    at: '31m',
    labels: { ...east, severity: 'warning' },
    summary: '2 objects of dc-east have no recent copy off site',
  },
  CopygraphOffsiteLag: {
    series: { 'copygraph_offsite_lag_seconds{upstream="dc-east"}': '180000x60' },
    at: '31m',
    labels: { ...east, severity: 'critical' },
    summary: 'The newest data off site of an object of dc-east are 2d 2h 0m 0s old',
  },
  CopygraphLookOld: {
    series: { 'copygraph_index_age_seconds{upstream="dc-east"}': '1000x10' },
    at: '6m',
    labels: { ...east, severity: 'warning' },
    summary: 'What is known of the copies of dc-east is 16m 40s old',
  },
  CopygraphUpstreamDown: {
    series: { 'copygraph_upstream_up{upstream="dc-east"}': '1 0x10' },
    at: '7m',
    labels: { ...east, severity: 'critical' },
    summary: 'dc-east does not answer',
  },
  CopygraphUpstreamRefusesUs: {
    series: { 'copygraph_upstream_calls_total{upstream="dc-east",outcome="unauthorized"}': '0+1x20' },
    at: '10m',
    labels: { ...east, severity: 'critical' },
    summary: 'dc-east refuses our credentials',
  },
  CopygraphUpstreamThrottled: {
    series: { 'copygraph_upstream_calls_refused_total{upstream="dc-east",reason="throttled"}': '0+1x20' },
    at: '15m',
    labels: { ...east, severity: 'info' },
    summary: 'More is asked of dc-east than callsPerSecond allows',
  },
  CopygraphDown: { series: {}, at: '6m', labels: { severity: 'critical' }, summary: 'No copygraph is scraped' },
  CopygraphFailoverUnconfirmed: {
    series: { 'copygraph_failovers_total{outcome="unconfirmed"}': '0 0 1 1' },
    at: '3m',
    labels: { severity: 'critical' },
    summary: 'It is not known whether a failover was accepted: check the cluster',
  },
  CopygraphNotificationsLost: {
    series: { 'copygraph_notifications_total{name="ops",result="given_up"}': '0 0 1 1' },
    at: '3m',
    labels: { name: 'ops', severity: 'critical' },
    summary: 'Notifications of the rule ops were not delivered',
  },
  CopygraphNotificationsFail: {
    series: { 'copygraph_notifications_total{name="ops",result="failed"}': '0+1x30' },
    at: '12m',
    labels: { name: 'ops', severity: 'warning' },
    summary: 'The webhook of the rule ops does not take notifications',
  },
  CopygraphRedisLost: {
    series: { 'copygraph_redis_up{instance="a"}': '0x10', 'copygraph_redis_up{instance="b"}': '1x10' },
    at: '3m',
    labels: { instance: 'a', severity: 'critical' },
    summary: 'a has lost Redis: failovers are refused, notifications wait',
  },
  CopygraphOperationsRejected: {
    series: { 'copygraph_operations_rejected_total{reason="heap"}': '0+1x20' },
    at: '10m',
    labels: { reason: 'heap', severity: 'warning' },
    summary: 'Operations are turned away: heap',
  },
  CopygraphConfigRefused: {
    series: { 'copygraph_config_reload_success{instance="a"}': '1 0' },
    at: '1m',
    labels: { instance: 'a', severity: 'warning' },
    summary: 'a could not use the config that it read last',
  },
  CopygraphSeriesDropped: {
    series: { copygraph_metric_series_dropped: '7x20' },
    at: '11m',
    labels: { severity: 'info' },
    summary: '7 series are left out of /metrics',
  },
};

/** All that the rules read, of a gateway that is well. */
const well: Readonly<Record<string, string>> = {
  'copygraph_build_info{version="1"}': '1x60',
  'copygraph_copies_failed_recently{upstream="dc-east",target_kind="REMOTE",category="OTHER"}': '0x60',
  'copygraph_copies_stalled{upstream="dc-east",target_kind="REMOTE"}': '0x60',
  'copygraph_last_success_timestamp_seconds{upstream="dc-east",target_kind="REMOTE"}': '0x60',
  'copygraph_objects_without_offsite{upstream="dc-east"}': '0x60',
  'copygraph_offsite_lag_seconds{upstream="dc-east"}': '3600x60',
  'copygraph_index_age_seconds{upstream="dc-east"}': '59x60',
  'copygraph_upstream_up{upstream="dc-east"}': '1x60',
  'copygraph_upstream_calls_total{upstream="dc-east",outcome="unauthorized"}': '3x60',
  'copygraph_upstream_calls_refused_total{upstream="dc-east",reason="throttled"}': '3x60',
  'copygraph_failovers_total{outcome="unconfirmed"}': '1x60',
  'copygraph_notifications_total{name="ops",result="given_up"}': '1x60',
  'copygraph_notifications_total{name="ops",result="failed"}': '1x60',
  'copygraph_redis_up{instance="a"}': '1x60',
  'copygraph_operations_rejected_total{reason="heap"}': '1x60',
  'copygraph_config_reload_success{instance="a"}': '1x60',
  copygraph_metric_series_dropped: '0x60',
};

describeWithPromtool('rules', () => {
  it.each(alerts)('%s fires', (alert) => {
    const one = cases[alert];
    if (one === undefined) throw new Error('no case');
    const { series, at, labels, summary } = one;
    expect(testRules(series, [{ alert, at, fires: [{ labels, summary }] }])).toContain('SUCCESS');
  });

  it('fire none of a gateway that is well', () => {
    const names = Object.keys(well).map((name) => name.split('{')[0]);
    expect(rules.flatMap(({ expr }) => namesIn(expr)).filter((name) => !names.includes(name))).toEqual([]);
    expect(
      testRules(
        well,
        alerts.map((alert) => ({ alert, at: '59m', fires: [] })),
      ),
    ).toContain('SUCCESS');
  });

  it('and the dashboard have expressions that Prometheus reads', () => {
    const filled = expressions.map((expr) => expr.replaceAll('$upstream', '.*'));
    const all = filled.map((expr, n) => ({ record: `panel:${n}`, expr }));
    expect(promtool(['check', 'rules'], { groups: [{ name: 'panels', rules: all }] })).toContain(
      `${all.length} rules found`,
    );
    expect(() =>
      promtool(['check', 'rules'], { groups: [{ name: 'x', rules: [{ record: 'a', expr: 'sum(' }] }] }),
    ).toThrow();
  });
});
