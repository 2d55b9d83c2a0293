import { readFileSync, readdirSync } from 'node:fs';
import {
  buildClientSchema,
  buildSchema,
  isAbstractType,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { clientFiles } from '../src/schema/client.js';
import { schema as served } from '../src/schema/index.js';

const read = (path: string): string => readFileSync(path, 'utf8');
const sdl = read('client/schema.graphql');

describe('the schema for those who build clients', () => {
  it('is in the package as the code prints it', () => {
    for (const { name, print } of clientFiles)
      expect([name, read(`client/${name}`) === print(served)]).toEqual([name, true]);
    expect(JSON.parse(read('package.json')).files).toContain('client');
  });

  it('is a whole schema by itself, without a word of Federation', () => {
    const schema = buildSchema(sdl);
    expect(sdl).not.toMatch(/@key|@link|@cost|_Any|_Entity|_Service|_service|_entities/);
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toEqual(
      Object.keys(served.getQueryType()?.getFields() ?? {}).filter((name) => !name.startsWith('_')),
    );
  });

  it('has every type but those of Federation, and takes every example', () => {
    const schema = buildSchema(sdl);
    const own = Object.keys(served.getTypeMap()).filter((name) => !/^_(?!_)/.test(name));
    expect(Object.keys(schema.getTypeMap()).sort()).toEqual(own.sort());
    for (const name of readdirSync('examples/queries').filter((file) => file.endsWith('.graphql'))) {
      expect([name, validate(schema, parse(read(`examples/queries/${name}`)))]).toEqual([name, []]);
    }
    expect(validate(schema, parse('{ ... @defer { upstreams @stream { name } } }'))).toEqual([]);
  });

  it('is the same as an introspection result', () => {
    const schema = buildClientSchema(JSON.parse(read('client/introspection.json')));
    expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toBe(sdl);
  });

  it('has the object types of each interface and union for Apollo Client', () => {
    const types = JSON.parse(read('client/possible-types.json'));
    const schema = buildSchema(sdl);
    const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
    expect(Object.keys(types)).toEqual(abstract.map(({ name }) => name).sort());
    expect(types.CopyOperation).toEqual(['CopyJob', 'CopyRun', 'CopySnapshotTask']);
    for (const type of abstract) {
      expect(types[type.name]).toEqual(
        schema
          .getPossibleTypes(type)
          .map(({ name }) => name)
          .sort(),
      );
    }
  });
});
