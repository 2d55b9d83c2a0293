import type { GraphQLField } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { startCohesity } from '../support/cohesity.js';
import { type Fake, awsBackupAt, cohesityAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { written } from '../support/written.js';

const fieldsOf = (type: ReturnType<typeof schema.getQueryType>): readonly GraphQLField<unknown, unknown>[] =>
  Object.values(type?.getFields() ?? {});

const reader = 'reader-key';
const others = 'others-key'; // may do everything but read

let cohesity: Fake;
let aws: Fake;
let gateway: Gateway;

beforeAll(async () => {
  cohesity = await startCohesity();
  aws = await startAwsBackup({ copyJobs: [{ CopyJobId: 'J1' }] });
  const apiKeys = [apiKey(reader, ['copy:read']), apiKey(others, ['failover:execute', 'copy:cancel'])];
  gateway = await startGateway({ upstreams: [cohesityAt(cohesity), awsBackupAt(aws)], auth: { apiKeys } });
});
afterAll(async () => {
  for (const one of [gateway, cohesity, aws]) await one.close();
});

const lacks = (field: string, scope = 'copy:read') => `${field} needs the scope ${scope}, which you do not have.`;

/** The error of a root field that needs `copy:read`, for a caller who does not have it. */
const forbiddenAt = (field: string, at = field) => ({
  message: lacks(`Query.${field}`),
  path: [at],
  extensions: { code: 'FORBIDDEN' },
});

describe('a key without copy:read', () => {
  const fields = fieldsOf(schema.getQueryType());

  it('meets every kind of root field here', () => {
    const names = fields.map(({ name }) => name);
    for (const name of ['node', 'nodes', '_entities', '_service', 'copyRun', 'copySummary', 'upstream']) {
      expect(names).toContain(name);
    }
  });

  it.each(fields.map((field) => [field.name, written(field)]))('may not read %s', async (name, text) => {
    const before = cohesity.seen.length + aws.seen.length;
    const { status, data, errors } = await gateway.execute(`{ ${text} }`, {}, bearer(others));
    expect([status, data?.[name] ?? null]).toEqual([200, null]);
    expect(errors).toEqual([{ ...forbiddenAt(name), locations: [{ line: 1, column: 3 }] }]);
    expect(cohesity.seen.length + aws.seen.length).toBe(before);

    // The refusal is of the caller, and not of the query.
    const read = await gateway.execute(`{ ${text} }`, {}, bearer(reader));
    expect(read.errors.map(({ extensions }) => extensions.code)).not.toContain('FORBIDDEN');
    expect([200, 400]).toContain(read.status);
  });

  it('may not under another name, in a fragment or beside what it may', async () => {
    const before = aws.seen.length;
    const { data, errors } = await gateway.execute(
      `query { __typename a: copyJob(copyJobId: "J1") { id } ...More }
       fragment More on Query { b: copyJobs { nodes { id } } ... on Query { c: node(id: "CopyJob:aws-prod:J1") { id } } }`,
      {},
      bearer(others),
    );
    expect(data).toEqual({ __typename: 'Query', a: null, b: null, c: null });
    expect(errors).toMatchObject([forbiddenAt('copyJob', 'a'), forbiddenAt('copyJobs', 'b'), forbiddenAt('node', 'c')]);
    expect(aws.seen.length).toBe(before);
  });

  it('may still ask what there is', async () => {
    const { data, errors } = await gateway.execute(
      '{ __typename __schema { queryType { name } } __type(name: "CopyJob") { name } }',
      {},
      bearer(others),
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      __typename: 'Query',
      __schema: { queryType: { name: 'Query' } },
      __type: { name: 'CopyJob' },
    });
  });
});

describe('a key with copy:read alone', () => {
  it('may run no mutation', async () => {
    for (const field of fieldsOf(schema.getMutationType())) {
      const before = cohesity.seen.length + aws.seen.length;
      const { errors } = await gateway.execute(`mutation { ${written(field)} }`, {}, bearer(reader));
      expect(errors).toMatchObject([{ path: [field.name], extensions: { code: 'FORBIDDEN' } }]);
      expect([
        lacks(`Mutation.${field.name}`, 'failover:execute'),
        lacks(`Mutation.${field.name}`, 'failover:activate'),
        lacks(`Mutation.${field.name}`, 'copy:cancel'),
        lacks(`Mutation.${field.name}`, 'copy:retry'),
      ]).toContain(errors[0]?.message);
      expect(cohesity.seen.length + aws.seen.length).toBe(before);
    }
  });
});
