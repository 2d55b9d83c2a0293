import { describe, expect, it } from 'vitest';
import { copyOf, runOf } from '../support/estate.js';
import { HOUR, NOW } from '../support/estates.js';
import {
  MINUTE,
  afterLook,
  afterLooks,
  fail,
  failedAt,
  goingOn,
  pass,
  play,
  running,
  scrape,
  setTime,
} from '../support/notify.js';
import { text } from '../support/served.js';
import { until } from '../support/until.js';
import type { PlayedWebhook } from '../support/webhook.js';

setTime();

const typesIn = ({ told }: PlayedWebhook): readonly string[] => told.map(({ body }) => body.type);
const idsIn = ({ told }: PlayedWebhook): readonly string[] => told.map(({ id }) => id);

describe('notifications', () => {
  it('tell a webhook once of a copy that fails while it is watched, signed, and of none that had failed before', async () => {
    const runs = [
      runOf(1, NOW - HOUR, { copies: [copyOf(1, running)] }),
      runOf(1, NOW - 2 * HOUR, { copies: [copyOf(2, failedAt(NOW - HOUR))] }),
    ];
    const { webhook, served } = await play(runs);
    await afterLook(served);
    runs.splice(0, 1, runOf(1, NOW - HOUR, { copies: [copyOf(1, failedAt(NOW))] }));
    pass(MINUTE);
    await until(() => expect(webhook.told).toHaveLength(1));
    await afterLooks(served);
    const [one, ...others] = webhook.told;
    expect(others).toEqual([]);
    expect(one).toMatchObject({ isSigned: true, id: expect.stringMatching(/^msg_[\da-f]{40}$/) });
    const { data, errors } = await served.execute(
      '{ copyOperations(first: 1) { nodes { id name state error failureCategory startedAt endedAt upstream { name } target { kind name } } } }',
    );
    expect(errors).toEqual([]);
    const [{ upstream, ...copy }] = data.copyOperations.nodes;
    expect(one?.body).toEqual({
      type: 'COPY_FAILED',
      timestamp: expect.any(String),
      data: { ...copy, upstream: upstream.name },
    });
    const value = await scrape(served);
    const counts = ['delivered', 'failed', 'given_up', 'dropped'].map((result) =>
      value('copygraph_notifications_total', { name: 'ops', result }),
    );
    expect(counts).toEqual([1, 0, 0, 0]);
  });

  it('tell of a stall once until the copy has recovered, and again when it stalls further on', async () => {
    const runs = [...goingOn(1)];
    const grow = (sizeBytes: number) =>
      runs.splice(0, 1, runOf(1, NOW - HOUR, { copies: [copyOf(1, { ...running, sizeBytes })] }));
    const { webhook, served } = await play(runs);
    await afterLook(served);
    pass(61 * MINUTE);
    await until(() => expect(typesIn(webhook)).toEqual(['COPY_STALLED']));
    expect(webhook.told[0]?.body.data).toMatchObject({ state: 'RUNNING', transferredBytes: '500' });
    pass(61 * MINUTE);
    await afterLooks(served);
    grow(1200);
    await afterLooks(served);
    expect(webhook.told).toHaveLength(1);
    pass(61 * MINUTE);
    await until(() => expect(typesIn(webhook)).toEqual(['COPY_STALLED', 'COPY_STALLED']));
    expect(new Set(idsIn(webhook)).size).toBe(2);
  });

  it('tell of an object whose copy off site has become too old, and not of one that never had a young one', async () => {
    const copyFor = (taskId: number, sourceId: number, hours: number) => {
      const at = NOW - hours * HOUR;
      const tasks = [{ sourceId, startedAt: at, status: 'kSuccess' }];
      return runOf(taskId, at, { copies: [copyOf(taskId, { endedAt: at + MINUTE, tasks })] });
    };
    const { webhook, served } = await play([copyFor(1, 11, 23), copyFor(2, 12, 40)]);
    await afterLook(served);
    await afterLooks(served);
    expect(webhook.told).toEqual([]);
    pass(2 * HOUR);
    await until(() => expect(typesIn(webhook)).toEqual(['OFFSITE_LAG']));
    await afterLooks(served);
    expect(webhook.told).toHaveLength(1);
    const { data } = webhook.told[0]?.body ?? {};
    expect(data).toMatchObject({ upstream: 'dc-east', offsiteDataAt: text(NOW - 23 * HOUR) });
    expect(data.offsiteLagSeconds).toBeGreaterThan(24 * 3600);
    expect((await scrape(served))('copygraph_objects_without_offsite', { upstream: 'dc-east' })).toBe(2);
  });

  it('tell when an upstream does not answer, and when it answers again', async () => {
    const { webhook, served } = await play(goingOn(1));
    await afterLook(served);
    served.broken.set('dc-east', { status: 500, body: '{}' });
    pass(MINUTE);
    await until(() => expect(typesIn(webhook)).toEqual(['UPSTREAM_DOWN']));
    served.broken.clear();
    pass(MINUTE);
    await until(() => expect(typesIn(webhook)).toEqual(['UPSTREAM_DOWN', 'UPSTREAM_UP']));
    await afterLooks(served);
    expect(webhook.told.map(({ body }) => body.data)).toEqual([
      { upstream: 'dc-east', state: 'DOWN' },
      { upstream: 'dc-east', state: 'UP' },
    ]);
  });

  it('go to the rules that want them, by event, upstream and kind of target', async () => {
    const runs = goingOn(1);
    const rules = [
      { name: 'all' },
      { name: 'other-event', on: ['UPSTREAM_DOWN'] },
      { name: 'other-upstream', upstreams: ['dc-west'] },
      { name: 'this', on: ['COPY_FAILED'], upstreams: ['dc-east'], targetKinds: ['REMOTE'] },
      { name: 'other-kind', targetKinds: ['ARCHIVAL'] },
    ];
    const { webhook, served, count } = await play(runs, { rules });
    await afterLook(served);
    fail(runs, 1);
    pass(MINUTE);
    await until(() => expect(webhook.told).toHaveLength(2));
    await afterLooks(served);
    const told = await Promise.all(rules.map(({ name }) => count('delivered', name)));
    expect(told).toEqual([1, 0, 0, 1, 0]);
    expect(new Set(idsIn(webhook)).size).toBe(2);
  });

  it('come as one digest where a rule leaves less time than minSeconds between two', async () => {
    const runs = goingOn(4);
    const { webhook, served, count } = await play(runs, { rules: [{ minSeconds: 600 }] });
    await afterLook(served);
    fail(runs, 1);
    pass(MINUTE);
    await until(() => expect(typesIn(webhook)).toEqual(['COPY_FAILED']));
    for (const n of [2, 3, 4]) fail(runs, n);
    await afterLooks(served);
    expect(webhook.told).toHaveLength(1);
    pass(10 * MINUTE);
    await until(() => expect(typesIn(webhook)).toEqual(['COPY_FAILED', 'DIGEST']));
    const { data } = webhook.told[1]?.body ?? {};
    expect(data).toMatchObject({ missed: false, count: 3, counts: { COPY_FAILED: 3 } });
    expect(data.events.map(({ type }: { type: string }) => type)).toEqual([
      'COPY_FAILED',
      'COPY_FAILED',
      'COPY_FAILED',
    ]);
    expect(await count('delivered')).toBe(4);
  });

  it('are written for Slack, without marks of its own, and need no secret there', async () => {
    const runs = [...goingOn(1)];
    const { webhook, served } = await play(runs, { rules: [{ format: 'slack', secret: undefined }] });
    await afterLook(served);
    const copies = [copyOf(1, { ...failedAt(NOW), error: 'a <b> & c' })];
    runs.splice(0, 1, runOf(1, NOW - HOUR, { copies }));
    pass(MINUTE);
    await until(() => expect(webhook.told).toHaveLength(1));
    expect(webhook.told[0]?.body.text).toMatch(/^\*Copy failed\* \(dc-east\): .*FAILED\n> a &lt;b&gt; &amp; c$/);
  });
});

describe('a webhook that fails', () => {
  it('is asked again with the same id after pauses that grow, until it has taken it', async () => {
    const runs = goingOn(1);
    const { webhook, served, count } = await play(runs);
    await afterLook(served);
    const statuses = [500, 429, 307, 204];
    webhook.answer = () => ({ status: statuses[webhook.told.length - 1] ?? 204, headers: { location: webhook.url } });
    fail(runs, 1);
    pass(MINUTE);
    for (const tries of [1, 2, 3, 4]) {
      await until(() => expect(webhook.told).toHaveLength(tries));
      await until(async () => expect((await count('failed')) ?? 0).toBe(Math.min(3, tries)));
      await afterLook(served);
      expect(webhook.told).toHaveLength(tries);
      pass(5 * 2 ** (tries - 1) * 1_000_000);
    }
    await until(async () => expect(await count('delivered')).toBe(1));
    expect(new Set(idsIn(webhook)).size).toBe(1);
    expect(served.logs.join('')).toContain('it redirects, and redirects are not followed');
    expect(served.logs.join('')).not.toContain(webhook.url);
  });

  it('is given up after an hour, which is counted and logged, while the gateway answers as ever', async () => {
    const runs = goingOn(2);
    const { webhook, served, count } = await play(runs, { rules: [{ on: ['COPY_FAILED'] }] });
    await afterLook(served);
    webhook.answer = () => ({ status: 500 });
    fail(runs, 1);
    pass(MINUTE);
    await until(() => expect(webhook.told).toHaveLength(1));
    for (let n = 0; n < 13 && (await count('given_up')) === 0; n += 1) {
      expect((await served.execute('{ upstreams { name } }')).errors).toEqual([]);
      pass(5 * MINUTE);
      await afterLook(served);
    }
    await until(async () => expect(await count('given_up')).toBe(1));
    expect(webhook.told.length).toBeGreaterThan(5);
    expect(await count('failed')).toBe(webhook.told.length);
    expect(served.logs.join('')).toContain('a notification was given up');
    const tries = webhook.told.length;
    webhook.answer = () => ({ status: 204 });
    pass(11 * MINUTE);
    await afterLooks(served);
    expect(webhook.told).toHaveLength(tries);
    fail(runs, 2);
    pass(MINUTE);
    await until(async () => expect(await count('delivered')).toBe(1));
  });

  it('that hangs keeps neither other rules nor the gateway waiting', async () => {
    const runs = goingOn(2);
    const { webhook, served, count } = await play(runs, { rules: [{ name: 'slow' }, { name: 'ops' }] });
    let first: string | null = null;
    webhook.answer = ({ id }) => ((first ??= id) === id ? new Promise(() => undefined) : { status: 204 });
    await afterLook(served);
    fail(runs, 1);
    pass(MINUTE);
    await until(async () =>
      expect([await count('delivered'), await count('delivered', 'slow')].sort()).toEqual([0, 1]),
    );
    expect((await served.execute('{ upstreams { name } }')).errors).toEqual([]);
    await afterLooks(served);
  });
});
