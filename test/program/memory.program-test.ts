import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { start } from '../support/cli.js';
import { send } from '../support/http.js';
import { closing } from '../support/products.js';

const names = ['name', 'kind', 'status', 'lastError'];

/** A query of nearly as many tokens as a gateway takes, with a name of its own. */
const queryOf = (index: number): string =>
  `query Q${index} { upstreams { ${Array.from({ length: 1980 }, (_, at) => names[at % names.length]).join(' ')} } }`;

it('a gateway with a heap of 256 MB outlives 500 large queries, each another one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-memory-'));
  closing({ close: async () => rmSync(folder, { recursive: true }) });
  const file = join(folder, 'copygraph.yaml'); // JSON is YAML
  const cluster = { id: 'dc-east', kind: 'cohesity', url: 'http://127.0.0.1:9', auth: { apiKey: 'key' } };
  writeFileSync(file, JSON.stringify({ upstreams: [cluster], limits: { requestsPerMinute: 1_000_000 } }));
  const cli = start(['serve', '--config', file], {}, ['--max-old-space-size=256']);
  const [, url = ''] = await cli.saying(/(http:\/\/127\.0\.0\.1:\d+\/graphql)/);
  const ask = async (query: string): Promise<string> => (await send({ url }, { body: JSON.stringify({ query }) })).text;
  for (let index = 0; index < 500; index += 1) expect(await ask(queryOf(index))).toContain('QUERY_TOO_COMPLEX');
  expect(JSON.parse(await ask('{ upstreams { name } }'))).toEqual({ data: { upstreams: [{ name: 'dc-east' }] } });
});
