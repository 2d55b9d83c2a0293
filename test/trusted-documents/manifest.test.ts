import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/assembly/check.js';
import { type Config, ConfigError, defaultConfig } from '../../src/assembly/config.js';
import { readTrustedDocuments } from '../../src/assembly/trusted-documents.js';
import { cohesityAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { apiKey } from '../support/keys.js';
import { closing } from '../support/products.js';
import { idOf, manifestFile } from './documents.js';

const dead = cohesityAt({ url: 'http://127.0.0.1:9' });
const names = 'query Names { upstreams { name } }';
const apollo = 'apollo-persisted-query-manifest';

describe('a manifest that cannot be used', () => {
  it.each<readonly [string, () => string, RegExp]>([
    ['is not there', () => '/nonexistent.json', /the file \/nonexistent\.json cannot be read: there is no such file$/],
    ['is no JSON', () => manifestFile('{ "a": '), /json is not JSON$/],
    ['is a list', () => manifestFile('[]'), /json must be a JSON object of ids and the texts of documents$/],
    ['is null', () => manifestFile('null'), /json must be a JSON object/],
    ['has no text', () => manifestFile({ a: names, b: { c: 1 } }), /json has the document "b", which is not text$/],
    ['has no GraphQL', () => manifestFile({ b: '{ a' }), /has the document "b", which does not parse: Syntax Error/],
    ['has nothing at all', () => manifestFile({ b: '' }), /has the document "b", which does not parse/],
    [
      'is of another schema',
      () => manifestFile({ b: '{ nobody }' }),
      /has the document "b", which does not fit the schema: Cannot query field "nobody"/,
    ],
    [
      'is of another version of Apollo',
      () => manifestFile({ format: apollo, version: 2, operations: [] }),
      /json has the format apollo-persisted-query-manifest, of which only version 1 with a list of operations is supported$/,
    ],
    [
      'has no operations of Apollo',
      () => manifestFile({ format: apollo, version: 1 }),
      /of which only version 1 with a list of operations is supported$/,
    ],
    [
      'has an operation of Apollo without an id',
      () => manifestFile({ format: apollo, version: 1, operations: [{ id: 'a', body: names }, { body: names }] }),
      /json has no id in its operation 1$/,
    ],
    [
      'has an operation of Apollo without a text',
      () => manifestFile({ format: apollo, version: 1, operations: [{ id: 'a', name: 'Names', type: 'query' }] }),
      /json has the document "a", which is not text$/,
    ],
    [
      'has two texts under one id',
      () =>
        manifestFile({
          format: apollo,
          version: 1,
          operations: [
            { id: 'a', body: names },
            { id: 'a', body: '{ upstreams { id } }' },
          ],
        }),
      /json has the document "a", which appears twice, with different texts$/,
    ],
    [
      'is of a format that nobody knows',
      () => manifestFile({ format: 'others', version: 1, operations: [] }),
      /json has another format than apollo-persisted-query-manifest; use that, or an object of ids and the texts/,
    ],
  ])('is told at the start, and by check: it %s', async (_what, make, words) => {
    const persisted = { mode: 'prefer', manifest: make() } as const;
    const start = startGateway({ upstreams: [dead], persisted });
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(words);
    await expect(start).rejects.toThrow(/^persisted\.manifest: the file /);
    await expect(checkConfig({ ...defaultConfig([dead], {}), persisted })).rejects.toThrow(words);
  });
});

describe('the manifests', () => {
  const off = { mode: 'off', manifest: '/nonexistent.json' } as const;
  const readFor = (persisted: Config['persisted'], own: object) =>
    readTrustedDocuments({ persisted, auth: { apiKeys: [{ ...apiKey('board', ['copy:read']), persisted: own }] } });

  it('are read for a key alone too, and told by it', () => {
    expect(() => readFor(off, { mode: 'require' })).toThrow(/^persisted\.manifest: the file \/nonexistent\.json/);
    expect(() => readFor(off, { mode: 'require', manifest: '/none.json' })).toThrow(
      /^auth\.apiKeys\[0\]\.persisted\.manifest: the file \/none\.json/,
    );
    expect(() => readFor(off, { manifest: '/none.json' })).not.toThrow();
  });

  it.each([
    ['Relay', { '0f25f2e0a2f0b0d7a4d3': names }],
    ['the client preset', { [`sha256:${idOf(names)}`]: names }],
    [
      'Apollo',
      { format: apollo, version: 1, operations: [{ id: idOf(names), name: 'Names', type: 'query', body: names }] },
    ],
  ])('are taken as %s writes them', async (_tool, content) => {
    const persisted = { mode: 'require', manifest: manifestFile(content) } as const;
    const gateway = closing(await startGateway({ upstreams: [dead], persisted }));
    const ask = async (body: object): Promise<unknown> => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    };
    const [id] = 'format' in content ? [idOf(names)] : Object.keys(content);
    const data = { upstreams: [{ name: 'dc-east' }] };
    expect(await ask({ documentId: id })).toEqual({ data });
    expect(await ask({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } })).toEqual({ data });
  });

  it('may have fragments, directives of incremental delivery and names that every object has', () => {
    const manifest = manifestFile(
      `{"__proto__": ${JSON.stringify('query A { copyRuns { nodes { ...F @defer } } } fragment F on CopyRun { id }')}}`,
    );
    const policy = readFor({ mode: 'prefer', manifest }, {});
    const principal = { name: 'x', scopes: new Set<never>(), upstreams: null, expiresAt: null };
    expect([...policy(principal).documents.keys()]).toEqual(['__proto__']);
  });
});
