import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { indexMegabytesFor } from '../src/assembly/index-megabytes.js';
import { start } from './support/cli.js';

const MEGABYTE = 1024 * 1024;

it.each([
  ['that fit the heap are used', 256, 4096, 256],
  ['that are half of it too', 2048, 4096, 2048],
  ['that are more are cut to half', 3000, 4096, 2048],
  ['of 0 keep nothing', 0, 4096, 0],
])('megabytes of the index %s', (_what, maxMegabytes, heapMegabytes, used) => {
  const warnings: unknown[] = [];
  const logger = { warn: (members: object) => void warnings.push(members) };
  expect(indexMegabytesFor({ maxMegabytes }, logger, heapMegabytes * MEGABYTE)).toBe(used);
  expect(warnings).toEqual(used === maxMegabytes ? [] : [{ maxMegabytes, used, heapMegabytes }]);
});

it('a gateway whose heap is too small for its index says so, and what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-index-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const cluster = { id: 'dc-east', kind: 'cohesity', url: 'http://127.0.0.1:9', auth: { apiKey: 'key' } };
  const file = join(folder, 'copygraph.yaml'); // JSON is YAML
  writeFileSync(file, JSON.stringify({ upstreams: [cluster], index: { maxMegabytes: 5000 } }));
  const cli = start(['serve', '--config', file], {}, ['--max-old-space-size=1024']);
  const [line] = await cli.saying(/\{.*index\.maxMegabytes.*\}/);
  expect(JSON.parse(line)).toMatchObject({
    level: 40,
    maxMegabytes: 5000,
    msg: expect.stringContaining('NODE_OPTIONS'),
  });
  await cli.saying(/"msg":"listening"/);
  cli.child.kill('SIGTERM');
  expect(await cli.ended).toBe(0);
});
