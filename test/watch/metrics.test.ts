import { describe, expect, it } from 'vitest';
import { copyOf, jobOf, runOf } from '../support/estate.js';
import { HOUR, NOW } from '../support/estates.js';
import { MINUTE, afterLook, pass, scrape, setTime, watch } from '../support/notify.js';
import { serve, text } from '../support/served.js';
import { until } from '../support/until.js';

const DAY = 24 * HOUR;

setTime();

const east = { upstream: 'dc-east' };
const remote = { ...east, target_kind: 'REMOTE' };
const running = { status: 'kRunning' };
const failed = { status: 'kFailure', endedAt: NOW - MINUTE };

describe('metrics of copies, though nobody asks for any', () => {
  it('say what goes on, what failed, when one ended well, and how well objects are copied', async () => {
    const served = await serve({
      cache: {},
      watch,
      clusters: {
        'dc-east': [
          runOf(1, NOW - HOUR, { copies: [copyOf(1, running)] }),
          runOf(1, NOW - 2 * HOUR, { copies: [copyOf(2, { ...failed, error: 'No space left on the target' })] }),
          runOf(1, NOW - 3 * HOUR, { copies: [copyOf(3, { endedAt: NOW - 2 * HOUR })] }),
          runOf(1, NOW - 40 * HOUR, { copies: [copyOf(4, { ...failed, endedAt: NOW - 39 * HOUR })] }),
        ],
      },
      endpoints: {
        'aws-prod': [
          jobOf('j1', NOW - HOUR),
          jobOf('j2', NOW - HOUR, { state: 'FAILED', completedAt: NOW - MINUTE, message: 'Access Denied' }),
        ],
      },
    });
    await afterLook(served, 'aws-prod');
    const value = await afterLook(served);
    expect(value('copygraph_copies', { ...remote, state: 'RUNNING' })).toBe(1);
    expect(value('copygraph_copies', { upstream: 'aws-prod', target_kind: 'VAULT', state: 'RUNNING' })).toBe(1);
    expect(value('copygraph_last_success_timestamp_seconds', remote)).toBe((NOW - 2 * HOUR) / 1e6);
    expect(value('copygraph_index_hours', east)).toBe(168);
    expect(value('copygraph_index_megabytes', east)).toBeGreaterThan(0);
    const query = `{
      copySummary(
        filter: { states: [FAILED, PARTIAL], endedAfter: "${text(NOW - DAY)}" }
        groupBy: [UPSTREAM, TARGET_KIND, FAILURE_CATEGORY]
      ) { groups { upstream { name } targetKind failureCategory count } }
      protectedObjects { nodes { id } }
    }`;
    const { data, errors } = await served.execute(query);
    expect(errors).toEqual([]);
    expect(data.copySummary.groups).toHaveLength(2);
    for (const { upstream, targetKind, failureCategory, count } of data.copySummary.groups) {
      const labels = { upstream: upstream.name, target_kind: targetKind, category: failureCategory };
      expect([labels, value('copygraph_copies_failed_recently', labels)]).toEqual([labels, count]);
    }
    expect(value('copygraph_objects', { upstream: 'aws-prod' })).toBe(data.protectedObjects.nodes.length);
    expect(value('copygraph_objects_without_offsite', { upstream: 'aws-prod' })).toBe(1);
  });

  it('are absent, and not 0, until an upstream has answered, and stand while it is down', async () => {
    const served = await serve({ cache: {}, watch, clusters: { 'dc-east': [runOf(1, NOW - HOUR)] } });
    served.broken.set('dc-east', { status: 500, body: '{}' });
    await until(() => expect(served.take('dc-east').length).toBeGreaterThan(0));
    const names = ['copygraph_objects', 'copygraph_index_hours', 'copygraph_index_age_seconds'];
    const before = await scrape(served);
    expect(names.map((name) => before(name, east))).toEqual(names.map(() => undefined));
    served.broken.clear();
    pass(MINUTE);
    expect((await afterLook(served))('copygraph_last_success_timestamp_seconds', remote)).toBeUndefined();
    served.broken.set('dc-east', { status: 500, body: '{}' });
    pass(MINUTE);
    await until(() => expect(served.take('dc-east').length).toBeGreaterThan(0));
    const down = await scrape(served);
    expect(down('copygraph_index_hours', east)).toBe(168);
    expect(Math.floor(down('copygraph_index_age_seconds', east) ?? 0)).toBe(60);
  });

  it('make no upstream call for a scrape, and none at all where watch.seconds is 0', async () => {
    const served = await serve({ watch: { seconds: 0 }, clusters: { 'dc-east': [runOf(1, NOW - HOUR)] } });
    const value = await scrape(served);
    expect(value('copygraph_index_megabytes', east)).toBeUndefined();
    expect(served.take('dc-east')).toEqual([]);
  });

  it('count a copy that ends while it is watched, and none that had ended before', async () => {
    const runs = [
      runOf(1, NOW - HOUR, { copies: [copyOf(1, running)] }),
      runOf(1, NOW - 2 * HOUR, { copies: [copyOf(2, { endedAt: NOW - HOUR })] }),
    ];
    const served = await serve({ cache: {}, watch, clusters: { 'dc-east': runs } });
    await afterLook(served);
    runs.splice(0, 1, runOf(1, NOW - HOUR, { copies: [copyOf(1, failed)] }));
    pass(2 * MINUTE);
    const value = await afterLook(served);
    expect(value('copygraph_copies_finished_total', { ...remote, state: 'FAILED' })).toBe(1);
    expect(value('copygraph_copies_finished_total', { ...remote, state: 'SUCCEEDED' })).toBeUndefined();
    expect(value('copygraph_copies', { ...remote, state: 'RUNNING' })).toBeUndefined();
  });

  it('show a running copy as stalled when its bytes have not grown for long enough', async () => {
    const copy = { ...running, sizeBytes: 1000 };
    const runs = [runOf(1, NOW - HOUR, { copies: [copyOf(1, copy)] })];
    const served = await serve({ cache: {}, watch, clusters: { 'dc-east': runs } });
    const stalled = async () => (await afterLook(served))('copygraph_copies_stalled', remote);
    expect(await stalled()).toBe(0);
    pass(59 * MINUTE);
    expect(await stalled()).toBe(0);
    pass(2 * MINUTE);
    expect(await stalled()).toBe(1);
    runs.splice(0, 1, runOf(1, NOW - HOUR, { copies: [copyOf(1, { ...copy, sizeBytes: 1200 })] }));
    pass(2 * MINUTE);
    expect(await stalled()).toBe(0);
  });

  it('look back a day alone, and further at what goes on, where there is too much to look at each time', async () => {
    const recent = Array.from({ length: 20 }, (_, n) => runOf(1, NOW - n * HOUR, { copies: [copyOf(n, failed)] }));
    const [older, running] = [2000, 100].map((hours) => NOW - hours * HOUR);
    const runs = [
      ...recent,
      runOf(1, running ?? 0, { copies: [copyOf(30, { status: 'kRunning' })] }),
      runOf(1, older ?? 0, { copies: [copyOf(31, { endedAt: older ?? 0 })] }),
    ];
    const served = await serve({ cache: {}, watch, limits: { lookBackHours: 87_600 }, clusters: { 'dc-east': runs } });
    const value = await afterLook(served);
    expect(value('copygraph_index_hours', east)).toBe(26);
    expect(value('copygraph_copies', { ...remote, state: 'RUNNING' })).toBe(1);
    expect(value('copygraph_copies_failed_recently', { ...remote, category: 'OTHER' })).toBe(20);
    expect(value('copygraph_last_success_timestamp_seconds', remote)).toBeUndefined();
    expect(value('copygraph_objects', east)).toBeUndefined();
  });

  it('are bounded by limits.metricSeries, and say how many are left out', async () => {
    const runs = ['kRunning', 'kAccepted', 'kOnHold'].map((status, n) =>
      runOf(1, NOW - n * HOUR, { copies: [copyOf(n, { status })] }),
    );
    const served = await serve({ cache: {}, watch, limits: { metricSeries: 2 }, clusters: { 'dc-east': runs } });
    const value = await until(async () => {
      const found = await scrape(served);
      expect(found('copygraph_metric_series_dropped')).toBeGreaterThan(3);
      return found;
    }, 20);
    const states = ['RUNNING', 'QUEUED', 'ON_HOLD'].map((state) => value('copygraph_copies', { ...remote, state }));
    expect(states.filter((one) => one !== undefined)).toHaveLength(2);
  });
});
