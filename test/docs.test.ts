import { readFileSync, readdirSync } from 'node:fs';
import { isUnionType, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { failoverCheckNames } from '../src/domain/failover-result.js';
import { failoverStates } from '../src/domain/failover.js';
import { sandboxFaults } from '../src/sandbox/faults.js';
import { createSchema } from '../src/schema/index.js';

const folder = new URL('../docs/', import.meta.url);
const pages = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
const schema = createSchema();

const queriesIn = (text: string): readonly string[] =>
  [...text.matchAll(/"query": (".*")/g)].map(([, json = '']) => String(JSON.parse(json)));

describe.each(pages)('docs/$name', ({ text }) => {
  it('asks only what the schema knows', () => {
    for (const query of queriesIn(text)) expect(validate(schema, parse(query))).toEqual([]);
  });

  it('starts the sandbox only with faults that there are', () => {
    const names = [...text.matchAll(/npm start -- --fault ([a-z0-9-]+)/g)].map(([, name = '']) => name);
    for (const name of names) expect(Object.keys(sandboxFaults)).toContain(name);
  });
});

describe('docs/failover.md', () => {
  const text = pages.find(({ name }) => name === 'failover.md')?.text ?? '';
  const typesOf = (name: string): readonly string[] => {
    const union = schema.getType(name);
    return isUnionType(union) ? union.getTypes().map((type) => type.name) : [];
  };

  it('has functions for a press, a look and a cancel', () => {
    expect(queriesIn(text)).toHaveLength(3);
  });

  it.each([...typesOf('FailoverResult'), ...failoverStates, ...failoverCheckNames])('has a row for %s', (word) => {
    expect(text).toMatch(new RegExp(`^\\| .*\`${word}\``, 'm'));
  });

  it('has a row for each fault of the cluster, and for nothing else', () => {
    const [, rows = ''] = text.split('## Rehearse a bad day');
    const named = rows.split('\n').flatMap((row) => {
      const [, cell = ''] = row.split('|');
      return [...cell.matchAll(/`([a-z0-9-]+)`/g)].map(([, name = '']) => name);
    });
    const faults = Object.keys(sandboxFaults).filter((name) => !name.startsWith('aws-'));
    expect(named.filter((name) => name !== '--fault').sort()).toEqual([...faults].sort());
  });
});
