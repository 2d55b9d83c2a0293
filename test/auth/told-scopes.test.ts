import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  getNamedType,
  isAbstractType,
  isObjectType,
  parse,
  valueFromASTUntyped,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Scope, scopes } from '../../src/domain/principal.js';
import { schema } from '../../src/schema/index.js';
import { printSubgraph } from '../../src/schema/subgraph.js';
import { type PlayedCluster, startPlayedCluster } from '../support/failover.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { type Fake, awsBackupAt, cohesityAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { copyRunKey, start, wireCopyRun, wireRun } from '../support/wire.js';
import { written } from '../support/written.js';

/** The object types as the printed SDL has them, and not as the code has them. */
const objects = parse(printSubgraph(schema)).definitions.filter(
  (one): one is ObjectTypeDefinitionNode => one.kind === Kind.OBJECT_TYPE_DEFINITION,
);

type Directed = { readonly directives?: readonly ConstDirectiveNode[] | undefined } | undefined;

const directive = (node: Directed, name: string): ConstDirectiveNode | undefined =>
  node?.directives?.find((one) => one.name.value === name);

/** The scopes that a caller needs together; `[]` where the SDL names none. We use only one list of them. */
const toldFor = (node: Directed): readonly string[] => {
  const [argument] = directive(node, 'requiresScopes')?.arguments ?? [];
  const alternatives = argument === undefined ? [] : (valueFromASTUntyped(argument.value) as string[][]); // as the directive is defined
  expect(alternatives.length).toBeLessThanOrEqual(1);
  return alternatives[0] ?? [];
};

const objectNamed = (name: string) => objects.find((one) => one.name.value === name);
const fieldNamed = (type: string, name: string) =>
  objectNamed(type)?.fields?.find((field) => field.name.value === name);

const roots = ['Query', 'Mutation', 'Subscription'];
const isRoot = (type: string): boolean => roots.includes(type);

const guarded = objects.flatMap((type) =>
  (type.fields ?? []).flatMap((field) => {
    const needed = toldFor(field);
    return needed.length === 0 ? [] : [{ type: type.name.value, field: field.name.value, needed }];
  }),
);

describe('what the SDL tells of scopes', () => {
  it('is told of every root field', () => {
    const rootFields = objects.filter(({ name }) => isRoot(name.value)).flatMap(({ fields = [] }) => fields);
    expect(rootFields.length).toBeGreaterThan(15);
    expect(rootFields.filter((field) => toldFor(field).length === 0).map(({ name }) => name.value)).toEqual([]);
  });

  it('is told of every type that another subgraph may refer to', () => {
    const keyed = objects.filter((type) => directive(type, 'key') !== undefined);
    const open = keyed.filter((type) => toldFor(type).length === 0 && directive(type, 'authenticated') === undefined);
    expect(keyed.length).toBe(17); // seven of them are the targets
    expect(open.map(({ name }) => name.value)).toEqual([]);
  });

  it('names only scopes that there are', () => {
    const named = [...guarded.flatMap(({ needed }) => needed), ...objects.flatMap(toldFor)];
    expect([...new Set(named)].sort()).toEqual([...scopes].sort());
  });

  it('leaves no way round: whoever has no scope but a mutation’s own meets no type that needs another', () => {
    const led = (type: string, held: readonly string[], met = new Set<string>()): ReadonlySet<string> => {
      if (met.has(type)) return met;
      met.add(type);
      for (const field of fieldsOf(schema, type)) {
        const needed = [...toldFor(fieldNamed(type, field.name)), ...(isRoot(type) ? [] : toldFor(objectNamed(type)))];
        if (!needed.every((scope) => held.includes(scope))) continue;
        for (const next of objectsBehind(getNamedType(field.type))) led(next, held, met);
      }
      return met;
    };
    for (const held of [['failover:execute'], ['copy:cancel'], ['failover:execute', 'copy:cancel']]) {
      const reached = [...led('Mutation', held), ...led('Query', held), ...led('Subscription', held)];
      expect(reached).toContain('Failover');
      const wrong = reached.filter((type) => !isRoot(type) && toldFor(objectNamed(type)).length > 0);
      expect(wrong).toEqual([]);
    }
  });
});

const fieldsOf = (from: GraphQLSchema, name: string): readonly GraphQLField<unknown, unknown>[] => {
  const type = from.getType(name);
  return isObjectType(type) ? Object.values(type.getFields()).filter((field) => !field.name.startsWith('_')) : [];
};

const objectsBehind = (type: GraphQLNamedType): readonly string[] => {
  if (isAbstractType(type)) return schema.getPossibleTypes(type).map(({ name }) => name);
  return isObjectType(type) ? [type.name] : [];
};

/** Everything but what this needs, so that a scope too few, and not another, is what is missed. */
const without = (needed: readonly string[]): readonly Scope[] => scopes.filter((scope) => !needed.includes(scope));

describe('what the SDL tells of scopes is asked for', () => {
  let cluster: PlayedCluster;
  let aws: Fake;
  let gateway: Gateway;
  const keyFor = (held: readonly Scope[]): string => `key-of-${held.join('-')}`;

  beforeAll(async () => {
    cluster = await startPlayedCluster();
    aws = await startAwsBackup({ copyJobs: [{ CopyJobId: 'J1' }] });
    const run = wireRun({ copyRun: [wireCopyRun(501, { status: 'kRunning' })] });
    cluster.held.runs = [run];
    cluster.listed.set('under-way', { failoverId: 'under-way', runId: `7:${start}` });
    const sets = new Map([[], ...guarded.map(({ needed }) => without(needed))].map((held) => [keyFor(held), held]));
    gateway = await startGateway({
      upstreams: [cohesityAt(cluster), awsBackupAt(aws)],
      auth: { apiKeys: [...sets].map(([key, held]) => apiKey(key, held)) },
    });
  });
  afterAll(async () => {
    for (const one of [gateway, cluster, aws]) await one.close();
  });

  const inRoots = guarded.filter(({ type }) => isRoot(type));

  it.each(inRoots)('by $type.$field', async ({ type, field, needed }) => {
    const definition = fieldsOf(schema, type).find(({ name }) => name === field);
    if (definition === undefined) throw new Error(`${type} has no ${field}`);
    const query = `${type.toLowerCase()} { ${written(definition)} }`;
    for (const held of [[], without(needed)]) {
      // A stream's refusal is its first event; any other answer is JSON all the same.
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: type === 'Subscription' ? 'text/event-stream' : 'application/json',
          ...bearer(keyFor(held)),
        },
        body: JSON.stringify({ query }),
      });
      const text = await response.text();
      const { errors } = JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text);
      expect(errors).toHaveLength(1);
      expect(errors[0].extensions.code).toBe('FORBIDDEN');
      for (const scope of needed) expect(errors[0].message).toContain(`${type}.${field} needs the scope ${scope}`);
    }
    expect(cluster.seen.length + aws.seen.length).toBe(0);
  });

  /** Ways to the fields that are guarded by themselves, for who may do what leads there. */
  const ways: Readonly<Record<string, string>> = {
    'Failover.run': `mutation { cancelFailover(id: "Failover:dc-east:under-way") { ... on FailoverCancelRequested { failover { run { id } } } } }`,
    'Failover.copyRuns': `mutation { cancelFailover(id: "Failover:dc-east:under-way") { ... on FailoverCancelRequested { failover { copyRuns { totalCount } } } } }`,
    'CopyRunCancelRequested.copyRun': `mutation { cancelCopyRun(id: "CopyRun:${copyRunKey}") { ... on CopyRunCancelRequested { copyRun { id } } } }`,
  };

  it('by no other field than these, which a mutation leads to', () => {
    const others = guarded.filter(({ type }) => !isRoot(type));
    // A retry needs a plan first: its way is in test/failover/retry-scopes.test.ts.
    const all = [...Object.keys(ways), 'CopyRetryAccepted.operation'];
    expect(others.map(({ type, field }) => `${type}.${field}`).sort()).toEqual(all.sort());
    for (const { needed } of others) expect(needed).toEqual(['copy:read']);
  });

  it.each(Object.entries(ways))('by %s', async (path, query) => {
    const { errors } = await gateway.execute(query, {}, bearer(keyFor(without(['copy:read']))));
    expect(errors.map(({ extensions, message }) => [extensions.code, message])).toEqual([
      ['FORBIDDEN', `${path} needs the scope copy:read, which you do not have.`],
    ]);
  });
});
