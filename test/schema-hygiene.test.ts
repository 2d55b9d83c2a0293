import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import graphqlEslint from '@graphql-eslint/eslint-plugin';
import type { Change } from '@graphql-inspector/core';
import { ESLint, type Linter } from 'eslint';
import { type GraphQLSchema, buildASTSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';

const { configs, parser, rules } = graphqlEslint;
const text = readFileSync('schema.graphql', 'utf8');

const every = {
  ...configs['flat/schema-recommended'].rules,
  ...configs['flat/schema-all'].rules,
  ...configs['flat/schema-relay'].rules,
};

/** The rules that differ from all that the plugin has for schemas, and why. */
const chosen: Linter.RulesRecord = {
  '@graphql-eslint/require-description': [
    'error',
    { types: true, rootField: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true },
  ],
  // By name only: `id` is among the others, and a directive's arguments are as its own definition has them.
  '@graphql-eslint/alphabetize': [
    'error',
    {
      fields: ['ObjectTypeDefinition', 'InterfaceTypeDefinition', 'InputObjectTypeDefinition'],
      values: true,
      arguments: ['FieldDefinition', 'DirectiveDefinition'],
    },
  ],
  // Lists of plain values that cannot grow are lists, and connections have `nodes` beside `edges`.
  '@graphql-eslint/relay-edge-types': [
    'error',
    { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
  ],
  // Only what can be asked for again has an id; a target, a stripe of statistics or a report has none.
  '@graphql-eslint/strict-id-in-types': 'off',
  // There are mutations and subscriptions.
  '@graphql-eslint/no-root-type': 'off',
  // A mutation that cancels takes only an id.
  '@graphql-eslint/input-name': 'off',
};

const lint = async (sdl: string): Promise<readonly string[]> => {
  const eslint = new ESLint({
    overrideConfigFile: true,
    ignore: false,
    overrideConfig: [
      {
        files: ['**/*.graphql'],
        plugins: { '@graphql-eslint': { rules } as unknown as ESLint.Plugin }, // the plugin has types of its own
        languageOptions: {
          parser: parser as unknown as Linter.Parser,
          parserOptions: { graphQLConfig: { schema: sdl } },
        },
        rules: { ...(every as Linter.RulesRecord), ...chosen },
      },
    ],
  });
  const [result] = await eslint.lintText(sdl, { filePath: 'schema.graphql' });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId?.split('/')[1]}: ${message}`);
};

describe('the schema, linted with all rules but those that are switched off above', () => {
  it('is clean', async () => {
    // A bare `id` is for nodes: CopyJobId is AWS's own word.
    const known = [
      // Capitals come first in the printed schema.
      'alphabetize: field "failovers" should be before field "failoverWorkflow"',
      'no-typename-prefix: Field "copyJobId" starts with the name of the parent type "CopyJob"',
      // The remembered history is read from its newest end, and as far as the page needs.
      'relay-arguments: Field `failoverHistory` must contain an argument `last`, that return Int.',
      'relay-arguments: Field `failoverHistory` must contain an argument `before`, that return String or Scalar.',
    ];
    expect([...(await lint(text))].sort()).toEqual(known.sort());
  });

  it.each([
    ['require-description', 'type Bare { "A." a: Int }', 'Bare'],
    ['no-unreachable-types', '"A." type Bare { "A." a: Int }', 'Bare'],
    ['relay-connection-types', '"A." type BareConnection { "A." a: Int }', 'edges'],
    ['naming-convention', '"A." enum Bare { "A." lower }', 'lower'],
    ['no-hashtag-description', '# A.\ntype Bare { "A." a: Int }', 'Unexpected'],
    ['unique-enum-value-names', '"A." enum Bare { "A." ONE "B." One }', 'One'],
  ])('would not be by %s', async (rule, addition, word) => {
    const found = (await lint(`${text}\n${addition}\n`)).filter((message) => message.startsWith(`${rule}: `));
    expect(found.join('\n')).toContain(word);
  });
});

// By `require`, since its other half would bring a second graphql.
const { diff } = createRequire(import.meta.url)('@graphql-inspector/core') as {
  diff: (before: GraphQLSchema, after: GraphQLSchema) => Promise<readonly Change[]>;
};

const folder = new URL('releases/', import.meta.url);
const versions = readdirSync(folder)
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => name.replace(/\.graphql$/, ''))
  .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const released = (version: string): string => readFileSync(new URL(`${version}.graphql`, folder), 'utf8');

/** Federation's directives are defined nowhere in our text. */
const build = (sdl: string): GraphQLSchema => buildASTSchema(parse(sdl), { assumeValidSDL: true });

const breaking = async (before: string, after: string): Promise<readonly string[]> => {
  const changes = await diff(build(before), build(after));
  return changes.filter(({ criticality }) => criticality.level === 'BREAKING').map(({ message }) => message);
};

/** `null` where there is no such tag, or no git. */
const tagged = (version: string): string | null => {
  try {
    return execFileSync('git', ['show', `v${version}:schema.graphql`], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return null;
  }
};

describe('the schema beside those that were released', () => {
  it.each(versions.slice(-1))('breaks nobody who uses %s', async (version) => {
    expect(await breaking(released(version), text)).toEqual([]);
  });

  it('would break those who ask for a field that is taken away, or need not send an argument', async () => {
    const changed = text
      .replace('  copyJobId: String!', '  jobId: String!')
      .replace('  upstreams: [Upstream!]!', '  upstreams("Which." name: String!): [Upstream!]!');
    expect(await breaking(text, changed)).toEqual([
      "Field 'copyJobId' was removed from object type 'CopyJob'",
      "Argument 'name: String!' added to field 'Query.upstreams'",
    ]);
  });

  it('is no older than any of them', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const newer = versions.filter((one) => one.localeCompare(version, 'en', { numeric: true }) > 0);
    expect(newer).toEqual([]);
  });

  it.each(versions)('has the text that was tagged as %s, where the tag is here', (version) => {
    const tag = tagged(version);
    if (tag !== null) expect(released(version)).toBe(tag);
  });
});
