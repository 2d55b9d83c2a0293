import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from '../support/cli.js';

describe('the schema for those who build clients', { concurrent: true }, () => {
  it.each([
    [[], 'client/schema.graphql'],
    [['--client'], 'client/schema.graphql'],
    [['--subgraph'], 'schema.graphql'],
    [['--introspection'], 'client/introspection.json'],
    [['--possible-types'], 'client/possible-types.json'],
  ])('is printed by `copygraph schema %s`', async (flags, file) => {
    const { code, stdout } = await run(['schema', ...flags]);
    expect([code, stdout === readFileSync(file, 'utf8')]).toEqual([0, true]);
  });

  it('is printed for one use at a time', async () => {
    const { code, stderr } = await run(['schema', '--client', '--subgraph']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/'--client' cannot be used with option '--subgraph'/)]);
  });
});
