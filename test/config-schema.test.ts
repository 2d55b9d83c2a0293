import { readFileSync, readdirSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { ConfigError, parseConfig } from '../src/assembly/config.js';
import { runs } from './support/runs.js';

const schema = JSON.parse(readFileSync('config.schema.json', 'utf8'));
const validate = new Ajv({ strictTypes: false, allErrors: true }).compile(schema);
const problemsOf = (config: unknown): readonly string[] => {
  validate(config);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

/** The configs that the docs show whole. */
const shown = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)]
  .filter((file) => file.endsWith('.md'))
  .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => text))
  .filter((text) => /^upstreams:/m.test(text));

const [, operating = ''] = /^```yaml\n(.*?)^```/ms.exec(readFileSync('docs/config-reference.md', 'utf8')) ?? [];
const whole: unknown = parseYaml(operating);

type Change = (value: unknown, path: string) => unknown;
const changed = (value: unknown, change: Change, path = ''): unknown => {
  if (Array.isArray(value)) return value.map((item, index) => changed(item, change, `${path}/${index}`));
  if (typeof value !== 'object' || value === null) return change(value, path);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, changed(item, change, `${path}/${key}`)]));
};

const leaves: string[] = [];
changed(whole, (_value, path) => leaves.push(path));

const cluster = { id: 'dc-east', kind: 'cohesity', url: 'https://cluster.example.com', auth: { apiKey: 'k' } };
const region = { id: 'aws-prod', kind: 'aws-backup', region: 'us-east-1' };

describe('config.schema.json', () => {
  it('takes every config of the docs, as the gateway does', () => {
    expect(shown.length).toBeGreaterThan(2);
    for (const text of shown) expect([text, problemsOf(parseYaml(text))]).toEqual([text, []]);
  });

  it('takes a variable wherever a value stands', () => {
    expect(leaves.length).toBeGreaterThan(60);
    for (const name of ['${NAME}', '${NAME:-a default}', 'before-${NAME}-behind'])
      expect(problemsOf(changed(whole, () => name))).toEqual([]);
  });

  it.each([
    ['an unknown key', { upstreams: [cluster], limit: {} }],
    ['an unknown key of an upstream', { upstreams: [{ ...cluster, uri: 'x' }] }],
    ['no upstreams', { server: {} }],
    ['an upstream without what its product needs', { upstreams: [{ ...cluster, url: undefined }] }],
    ['a product that there is not', { upstreams: [{ ...cluster, kind: 'tape' }] }],
    ['a key of another product', { upstreams: [{ ...region, url: 'https://cluster.example.com' }] }],
    ['a number out of range', { upstreams: [cluster], server: { port: 65_536 } }],
    ['a number that is text', { upstreams: [cluster], server: { port: 'eighty' } }],
    ['what is neither true nor false', { upstreams: [cluster], server: { graphiql: 'yes' } }],
    [
      'a scope that there is not',
      { upstreams: [cluster], auth: { apiKeys: [{ name: 'a', sha256: 'a'.repeat(64), scopes: ['write'] }] } },
    ],
    [
      'a hash that is none',
      { upstreams: [cluster], auth: { apiKeys: [{ name: 'a', sha256: 'abc', scopes: ['copy:read'] }] } },
    ],
    ['an address without a scheme', { upstreams: [{ ...cluster, url: 'cluster.example.com' }] }],
    ['a variable that is never ended', { upstreams: [cluster], server: { port: '${PORT' } }],
  ])('refuses %s', (_what, config) => {
    const plain: unknown = JSON.parse(JSON.stringify(config));
    expect(problemsOf(plain)).not.toEqual([]);
    expect(() => parseConfig(stringify(plain), 'copygraph.yaml', {})).toThrow(ConfigError);
  });

  it('tells the default of each key that has one', () => {
    expect(schema.properties.limits.properties.maxDepth).toMatchObject({ default: 12 });
    expect(schema.properties.server.properties.graphiql).toMatchObject({ default: true });
  });

  it('refuses nothing that the gateway takes, whatever stands in a place', () => {
    const value = fc.oneof(
      fc.integer({ min: -2, max: 100_000 }).map(String),
      fc.integer({ min: -2, max: 100_000 }),
      fc.constantFrom(
        'true',
        'false',
        true,
        false,
        null,
        'none',
        '',
        '[]',
        'HTTP://x.example/a',
        'https://x.example',
        'a.b',
      ),
      fc.constantFrom('${A}', '${B}', '${NONE:-5}', '$${A}', 'x${A}y'),
      fc.string({ maxLength: 6 }),
    );
    const secret = `whsec_${'A'.repeat(32)}`;
    const env = {
      A: '7',
      B: 'true',
      COHESITY_API_KEY: 'k',
      BOARD_SHA256: 'b'.repeat(64),
      REDIS_URL: 'redis://x',
      WEBHOOK_SECRET: secret,
      METRICS_TOKEN: 'a-token-for-prometheus',
    };
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...leaves), value, (place, put) => {
        const config = changed(whole, (old, path) => (path === place ? put : old));
        try {
          parseConfig(stringify(config), 'copygraph.yaml', env);
        } catch (error) {
          if (error instanceof ConfigError) return;
          throw error;
        }
        taken += 1;
        expect(problemsOf(config)).toEqual([]);
      }),
      { numRuns: runs(200) },
    );
    expect(taken).toBeGreaterThan(5);
  });
});
