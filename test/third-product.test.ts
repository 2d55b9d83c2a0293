import { deserialize, serialize } from 'node:v8';
import { expect, it } from 'vitest';
import { isCopy, register } from '../src/upstream/products.js';
import { type PlayedExampleCopy, answerExample } from './support/example-product/double.js';
import { toExampleCopy } from './support/example-product/copy.js';
import { example } from './support/example-product/product.js';
import { micros } from '../src/domain/micros.js';
import { closing } from './support/closing.js';
import { startFake } from './support/fake.js';
import { productDoubles } from './support/product-doubles.js';
import { until } from './support/until.js';

// A product of a test's own, which nothing in `src` knows of. It is added before the gateway is loaded.
register(example);
await import('./support/example-product/noun.js');
const { startGateway } = await import('./support/gateway.js');
const { changes, gistOf, swift, watch } = await import('./support/live.js');
const { parseConfig } = await import('../src/assembly/config.js');

const now = Date.now();
const copyAt = (no: number, phase: string): PlayedExampleCopy => ({
  no,
  disk: `disk-${no % 2}`,
  phase,
  begun: now - (no + 1) * 60_000,
});

const open = async () => {
  let copies = [copyAt(0, 'copying'), copyAt(1, 'ok'), copyAt(2, 'bad')];
  const third = closing(await startFake(answerExample(() => copies)));
  const cluster = closing(await startFake(productDoubles['cohesity']?.answer([now - 90_000]) ?? (() => null)));
  const upstreams = [
    { id: 'third', kind: 'example', url: third.url, auth: { passphrase: 'a-passphrase-of-a-test' }, timeoutMs: 20_000 },
    { id: 'dc-east', kind: 'cohesity', url: cluster.url, auth: { apiKey: 'key' } },
  ];
  const gateway = closing(await startGateway({ upstreams, live: swift }));
  return { third, gateway, put: (next: PlayedExampleCopy[]) => void (copies = next) };
};

it('is in the list of all copies beside the others, and its upstream names its kind', async () => {
  const { gateway, third } = await open();
  const { data, errors } = await gateway.execute(
    '{ copyOperations(first: 10) { nodes { __typename id state ... on ExampleCopy { disk } } totalCount } upstreams { name kind } }',
  );
  expect(errors).toEqual([]);
  expect(data.copyOperations.totalCount).toBe(4);
  expect(data.copyOperations.nodes.map((node: { __typename: string }) => node.__typename)).toEqual([
    'ExampleCopy',
    'CopyRun',
    'ExampleCopy',
    'ExampleCopy',
  ]);
  expect(data.copyOperations.nodes[0]).toEqual({
    __typename: 'ExampleCopy',
    id: 'ExampleCopy:third:0',
    state: 'RUNNING',
    disk: 'disk-0',
  });
  expect(data.upstreams[0]).toEqual({ name: 'third', kind: 'EXAMPLE' });
  expect(third.requests()).toEqual([
    expect.stringMatching(/^GET \/copies\?since=\d+$/),
    expect.stringMatching(/^GET \/copies\?since=\d+&page=2$/),
  ]);
});

it('can be chosen by its type, and is left out by what only others have', async () => {
  const { gateway } = await open();
  const { data, errors } = await gateway.execute(
    '{ own: copyOperations(filter: { types: [EXAMPLE_COPY] }) { totalCount } others: copyOperations(filter: { accountIds: ["111122223333"] }) { totalCount } }',
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({ own: { totalCount: 3 }, others: { totalCount: 0 } });
});

it('is counted in sums', async () => {
  const { gateway } = await open();
  const { data, errors } = await gateway.execute(
    '{ copySummary(groupBy: [UPSTREAM]) { total { count } groups { upstream { name } count } } }',
  );
  expect(errors).toEqual([]);
  expect(data.copySummary.total.count).toBe(4);
  expect(data.copySummary.groups).toEqual([
    { upstream: { name: 'dc-east' }, count: 1 },
    { upstream: { name: 'third' }, count: 3 },
  ]);
});

it('has what it protects, with how well it is copied', async () => {
  const { gateway } = await open();
  const posture = 'name copyPosture { copies offsite } copies(first: 5) { nodes { id } }';
  const { data, errors } = await gateway.execute(
    `{ protectedObjects(filter: { upstreams: ["third"] }) { nodes { id ${posture} } }
       node(id: "ProtectedObject:third:disk-1") { ... on ProtectedObject { ${posture} } } }`,
  );
  expect(errors).toEqual([]);
  const disk = {
    name: 'disk-1',
    copyPosture: { copies: 1, offsite: true },
    copies: { nodes: [{ id: 'ExampleCopy:third:1' }] },
  };
  expect(data.protectedObjects.nodes).toMatchObject([{ name: 'disk-0', copyPosture: { copies: 0 } }, disk]);
  expect(data.node).toEqual(disk);
});

it('is told live', async () => {
  const { gateway, put } = await open();
  const stream = watch(gateway, changes('', '{ upstreams: ["third"] }'));
  await until(() => expect(stream.events.map(gistOf)).toEqual(['SNAPSHOT >RUNNING -']));
  put([copyAt(0, 'ok'), copyAt(1, 'ok'), copyAt(2, 'bad')]);
  await until(() => expect(stream.events.map(gistOf)).toContain('FINISHED RUNNING>SUCCEEDED -'));
});

it('is in the metrics', async () => {
  const { gateway } = await open();
  await gateway.execute('{ copyOperations { nodes { id } } }');
  const text = await (await fetch(gateway.url.replace(/graphql$/, 'metrics'))).text();
  expect(text).toContain('copygraph_upstream_up{upstream="third"} 1');
});

it('passes between replicas, and nothing that is no copy of it does', () => {
  const copy = toExampleCopy({ no: 1, disk: 'd', phase: 'ok', begun: now }, 'third', micros(now * 1000));
  const passed: unknown = deserialize(serialize(copy));
  expect(isCopy(passed)).toBe(true);
  expect(isCopy({ ...copy, disk: 7 })).toBe(false);
  expect(isCopy({ ...copy, __typename: 'NoneOfOurs' })).toBe(false);
});

it('has its secret taken from a file, and kept out of the log', async () => {
  const config =
    'upstreams: [{ id: third, kind: example, url: http://127.0.0.1:9, auth: { passphraseFile: ./nothing } }]';
  expect(() => parseConfig(config, 'a.yaml', {})).toThrow('passphraseFile: names a file that cannot be read');
  const { gateway, third } = await open();
  await gateway.execute('{ copyOperations { nodes { id } } }');
  expect(third.seen[0]?.headers.authorization).toBe('Passphrase a-passphrase-of-a-test');
  expect(gateway.logs.join('')).not.toContain('a-passphrase-of-a-test');
});
