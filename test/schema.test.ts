import { readFileSync } from 'node:fs';
import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  Kind,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  parse,
  print,
  visit,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { addressableTypes } from '../src/domain/global-id.js';
import { schema } from '../src/schema/index.js';
import { printSubgraph } from '../src/schema/subgraph.js';

/** Whether a type is ours. Federation adds others by itself: `_service`, `_Any` and their like. */
const isOurs = (type: GraphQLNamedType): boolean =>
  !isIntrospectionType(type) &&
  !isSpecifiedScalarType(type) &&
  !type.name.startsWith('_') &&
  type.name !== 'link__Import';

const types = Object.values(schema.getTypeMap()).filter(isOurs);
const withFields = types.filter((type) => isObjectType(type) || isInterfaceType(type));

const fields = withFields.flatMap((type) =>
  Object.values(type.getFields())
    .filter(({ name }) => !name.startsWith('_'))
    .map((field) => ({ type, field, path: `${type.name}.${field.name}` })),
);

/** Every named thing a reader may ask about, with what is said of it. */
const elements = (): readonly (readonly [path: string, name: string, description: string])[] => [
  ...types.map((type) => [type.name, type.name, type.description ?? ''] as const),
  ...fields.map(({ path, field }) => [path, field.name, field.description ?? ''] as const),
  ...fields.flatMap(({ path, field }) =>
    field.args.map(({ name, description }) => [`${path}(${name}:)`, name, description ?? ''] as const),
  ),
  ...types
    .filter((type) => isInputObjectType(type))
    .flatMap((type) =>
      Object.values(type.getFields()).map(
        ({ name, description }) => [`${type.name}.${name}`, name, description ?? ''] as const,
      ),
    ),
  ...types
    .filter((type) => isEnumType(type))
    .flatMap((type) =>
      type.getValues().map(({ name, description }) => [`${type.name}.${name}`, name, description ?? ''] as const),
    ),
];

const implementsNode = (type: GraphQLObjectType | GraphQLInterfaceType): boolean =>
  type.name === 'Node' || type.getInterfaces().some(({ name }) => name === 'Node');

const letters = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** `the`, `a` and the name itself say nothing new. */
const saysMoreThan = (name: string, description: string): boolean =>
  letters(description.replace(/^(?:the|an?)\s/i, '')) !== letters(name);

const typeOf = (type: string, field: string): string => {
  const found = fields.find(({ path }) => path === `${type}.${field}`);
  return found === undefined ? 'missing' : String(found.field.type);
};

const valuesOf = (name: string): readonly string[] => {
  const type = schema.getType(name);
  return isEnumType(type) ? type.getValues().map((value) => value.name) : [];
};

const implementers = (name: string): readonly string[] => {
  const type = schema.getType(name);
  return isInterfaceType(type)
    ? schema
        .getPossibleTypes(type)
        .map((possible) => possible.name)
        .sort()
    : [];
};

describe('the printed schema', () => {
  it('is the committed one', () => {
    expect(readFileSync('schema.graphql', 'utf8')).toBe(printSubgraph(schema));
  });

  it('is a Federation 2 subgraph that builds from its own text', () => {
    const text = printSubgraph(schema);
    expect(text).toContain('@link(url: "https://specs.apollo.dev/federation/v2.');
    expect(() => buildSubgraphSchema({ typeDefs: parse(text) })).not.toThrow();
  });

  it('imports every directive that it uses, and no other', () => {
    const text = printSubgraph(schema);
    const used = new Set<string>();
    visit(parse(text), { Directive: ({ name }) => void used.add(`@${name.value}`) });
    const imported = /import: \[([^\]]*)\]/.exec(text)?.[1]?.match(/@\w+/g) ?? [];
    expect([...imported, '@link', '@specifiedBy'].sort()).toEqual([...used].sort());
  });

  it('says of each type and field what Apollo’s own printer says', () => {
    // Apollo prints members in the order of the code, and leaves out where a scalar is specified.
    const said = (text: string): readonly string[] =>
      parse(text)
        .definitions.filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION && kind !== Kind.SCHEMA_DEFINITION)
        .map((one) => print(one.kind === Kind.SCALAR_TYPE_DEFINITION ? { ...one, directives: [] } : one))
        .map((one) => one.split(/\s+/).sort().join(' '))
        .sort();
    expect(said(printSubgraph(schema))).toEqual(said(printSubgraphSchema(schema)));
  });

  it('lists types by name', () => {
    const names = [...printSubgraph(schema).matchAll(/^(?:type|interface|input|enum|union|scalar) (\w+)/gm)].map(
      ([, name]) => name,
    );
    expect(names.length).toBeGreaterThan(30);
    expect(names).toEqual([...names].sort());
  });
});

describe('descriptions', () => {
  it('stand on every type, field, argument, input field and enum value', () => {
    const bare = elements().filter(([, , description]) => description.trim() === '');
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  it('say what the name cannot', () => {
    const idle = elements().filter(([, name, description]) => !saysMoreThan(name, description));
    expect(idle.map(([path, , description]) => `${path}: ${description}`)).toEqual([]);
  });

  it('begin with a capital letter, a figure or a quoted name, and end as a sentence does', () => {
    const odd = elements().filter(
      ([, , description]) => description !== '' && !/^[\p{Lu}\d`"][\s\S]*[.?!]$/u.test(description),
    );
    expect(odd.map(([path, , description]) => `${path}: ${description}`)).toEqual([]);
  });
});

describe('shapes', () => {
  it('are lists without null members, save what is asked for by its ids, where an unknown one is null', () => {
    const loose = fields.filter(({ field: { type } }) => {
      const list = isNonNullType(type) ? type.ofType : type;
      return isListType(list) && !isNonNullType(list.ofType);
    });
    expect(loose.map(({ path }) => path).sort()).toEqual(['Query.failovers', 'Query.nodes']);
  });

  it('say what it means where a whole list may be null', () => {
    const nullable = fields.filter(({ field: { type } }) => isListType(type));
    const silent = nullable.filter(({ field }) => !/`null`|Costs/.test(field.description ?? ''));
    expect(nullable.length).toBeGreaterThan(0);
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('are input lists without null members', () => {
    const inputs = [
      ...fields.flatMap(({ path, field }) => field.args.map(({ name, type }) => ({ path: `${path}(${name}:)`, type }))),
      ...types
        .filter((type) => isInputObjectType(type))
        .flatMap((type) =>
          Object.values(type.getFields()).map((field) => ({ path: `${type.name}.${field.name}`, type: field.type })),
        ),
    ];
    const loose = inputs.filter(({ type }) => {
      const list = isNonNullType(type) ? type.ofType : type;
      return isListType(list) && !isNonNullType(list.ofType);
    });
    expect(loose.map(({ path }) => path)).toEqual([]);
  });

  it('are enums with UNKNOWN where the words are a vendor’s', () => {
    const ours = [
      'Composite',
      'CircuitState',
      'CopyChangeKind',
      'CopyOperationType',
      'CopyLagTrendStep',
      'CopyOrderField',
      'CopySummaryGroupBy',
      'CopySummaryOrderField',
      'CopyTimeBasis',
      'ErrorCode',
      'FailoverCheckName',
      'FailoverKind',
      'FailoverRunType', // asked for, and never read
      'FailoverState',
      'FailoverStepEvidence',
      'FailoverStepName',
      'FailoverStepState',
      'FailureCategory',
      'IncompleteReason',
      'OrderDirection',
      'ProtectedObjectOrderField',
      'RefusalCode',
      'ReplicaFilter', // asked for, and never read
      'RetryCheckName',
      'RetryState',
      'UpstreamKind',
      'ViewFailoverAction', // asked for, and never read
    ];
    const closed = types.filter((type) => isEnumType(type) && !valuesOf(type.name).includes('UNKNOWN'));
    expect(closed.map(({ name }) => name).sort()).toEqual([...ours].sort());
  });

  it('are names in the usual case', () => {
    const bad = [
      ...types.filter(({ name }) => !/^[A-Z][A-Za-z]*$/.test(name)).map(({ name }) => name),
      ...fields.filter(({ field }) => !/^[a-z][A-Za-z0-9]*$/.test(field.name)).map(({ path }) => path),
      ...types.flatMap(({ name }) => valuesOf(name).filter((value) => !/^[A-Z][A-Z_]*$/.test(value))),
    ];
    expect(bad).toEqual([]);
  });

  it('are 64-bit integers as BigInt, and times as DateTime', () => {
    const text = fields.filter(
      ({ field }) =>
        /(?:At|Usecs|Msecs|Timestamp|Date)$/.test(field.name) && getNamedType(field.type).name !== 'DateTime',
    );
    const bytes = fields.filter(
      ({ field }) => /(?:Bytes|BytesTransferred|Bps)$/.test(field.name) && getNamedType(field.type).name !== 'BigInt',
    );
    expect([...text, ...bytes].map(({ path }) => path)).toEqual([]);
  });
});

describe('ids', () => {
  it('are on every type that `node` answers, and on no other', () => {
    // The ids of all targets begin with the name of their interface.
    const nodes = addressableTypes.flatMap((name) => (name === 'CopyTarget' ? implementers(name) : name));
    expect(implementers('Node')).toEqual([...nodes].sort());
    for (const name of [...nodes, 'CopyTarget']) expect(typeOf(name, 'id')).toBe('ID!');
  });

  it('are the only fields of type ID, so that a vendor’s own number is never taken for one', () => {
    const others = fields.filter(
      ({ field }) =>
        getNamedType(field.type).name === 'ID' && !(field.name === 'id' && field.type.toString() === 'ID!'),
    );
    expect(others.map(({ path }) => path)).toEqual([]);
  });

  it('are what a global id argument takes', () => {
    const args = fields.flatMap(({ path, field }) =>
      field.args.filter(({ name }) => name === 'id' || name === 'ids').map((arg) => `${path}: ${String(arg.type)}`),
    );
    expect(args.sort()).toEqual([
      'Mutation.cancelCopyRun: ID!',
      'Mutation.cancelFailover: ID!',
      'Mutation.cancelViewFailover: ID!',
      'Query.copyRun: ID!',
      'Query.failover: ID!',
      'Query.failoverWorkflow: ID!',
      'Query.failovers: [ID!]!',
      'Query.node: ID!',
      'Query.nodes: [ID!]!',
      'Query.protectionJob: ID!',
      'Subscription.failoverProgress: ID!',
    ]);
  });
});

describe('connections', () => {
  const connections = types.filter(({ name }) => name.endsWith('Connection')).map(({ name }) => name);

  it('are there for every list that can grow', () => {
    expect(connections).toEqual(
      expect.arrayContaining(
        ['CopyJob', 'CopyOperation', 'CopyRun', 'CopySnapshotTask', 'ProtectionJob', 'ProtectionShell'].map(
          (noun) => `${noun}Connection`,
        ),
      ),
    );
  });

  it.each(connections)('%s has nodes, edges, pageInfo, totalCount and upstreamReports', (name) => {
    const noun = name.replace(/Connection$/, '');
    expect({
      nodes: typeOf(name, 'nodes'),
      edges: typeOf(name, 'edges'),
      pageInfo: typeOf(name, 'pageInfo'),
      totalCount: typeOf(name, 'totalCount'),
      upstreamReports: typeOf(name, 'upstreamReports'),
      node: typeOf(`${noun}Edge`, 'node'),
      cursor: typeOf(`${noun}Edge`, 'cursor'),
    }).toEqual({
      nodes: `[${noun}!]!`,
      edges: `[${noun}Edge!]!`,
      pageInfo: 'PageInfo!',
      totalCount: 'Int',
      upstreamReports: '[UpstreamReport!]!',
      node: `${noun}!`,
      cursor: 'String!',
    });
  });

  it('are nullable wherever they stand, since reading one calls an upstream, and take the four page arguments', () => {
    const standing = fields.filter(({ field }) => connections.includes(getNamedType(field.type).name));
    const argsOf = ({ args }: GraphQLField<unknown, unknown>) =>
      args.map(({ name, type }) => `${name}: ${String(type)}`);
    expect(standing.length).toBeGreaterThan(5);
    for (const { path, field } of standing) {
      expect([path, isNonNullType(field.type)]).toEqual([path, false]);
      const back = path === 'Query.failoverHistory' ? [] : ['last: Int', 'before: String']; // it is paged forward alone
      expect(argsOf(field)).toEqual(expect.arrayContaining(['first: Int', 'after: String', ...back]));
    }
  });

  it('state their order where they are root fields', () => {
    const roots = fields.filter(
      ({ type, field }) => type.name === 'Query' && connections.includes(getNamedType(field.type).name),
    );
    const silent = roots.filter(
      ({ field }) => !/newest `(?:startedAt|requestedAt)` first|by name/i.test(field.description ?? ''),
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });
});

/** The design's spine, word for word: others build on these names. */
const spine: readonly (readonly [type: string, fields: Readonly<Record<string, string>>])[] = [
  ['Node', { id: 'ID!' }],
  [
    'Activity',
    {
      id: 'ID!',
      state: 'ActivityState!',
      upstreamState: 'String',
      finished: 'Boolean!',
      error: 'String',
      failureCategory: 'FailureCategory',
      startedAt: 'DateTime',
      endedAt: 'DateTime',
      upstream: 'Upstream!',
      observedAt: 'DateTime!',
    },
  ],
  [
    'CopyOperation',
    {
      name: 'String!',
      target: 'CopyTarget',
      offsite: 'Boolean',
      sizeBytes: 'BigInt',
      transferredBytes: 'BigInt',
      progress: 'Float',
      expiresAt: 'DateTime',
    },
  ],
  ['CopyTarget', { id: 'ID!', kind: 'CopyTargetKind!', name: 'String' }],
  [
    'CopyRun',
    {
      copySnapshotTasks: 'CopySnapshotTaskConnection',
      protectionJob: 'ProtectionJob',
      dataLockConstraints: 'DataLockConstraints',
      legalHoldings: '[LegalHolding!]!',
      holdForLegalPurpose: 'Boolean',
      snapshotDeleted: 'Boolean',
      userActionMessage: 'String',
      stats: 'CopyStats',
      taskUid: 'UniversalId',
    },
  ],
  ['DataLockConstraints', { expiresAt: 'DateTime', wormRetentionType: 'WormRetentionType' }],
  [
    'LegalHolding',
    { protectionSourceId: 'BigInt', protectionSource: 'ProtectionSource', holdForLegalPurpose: 'Boolean' },
  ],
  [
    'CopyStats',
    {
      startedAt: 'DateTime',
      endedAt: 'DateTime',
      isIncremental: 'Boolean',
      logicalSizeBytes: 'BigInt',
      logicalBytesTransferred: 'BigInt',
      logicalTransferRateBps: 'BigInt',
      physicalBytesTransferred: 'BigInt',
    },
  ],
  ['UniversalId', { clusterId: 'BigInt!', clusterIncarnationId: 'BigInt!', localId: 'BigInt!' }],
  [
    'CopySnapshotTask',
    {
      source: 'ProtectionSource',
      stats: 'CopyStats',
      copyRun: 'CopyRun',
      protectedObject: 'ProtectedObject',
      holdForLegalPurpose: 'Boolean',
      snapshotDeleted: 'Boolean',
    },
  ],
  [
    'ProtectionSource',
    { sourceId: 'BigInt', name: 'String', environment: 'String', parentId: 'BigInt', details: 'JSON' },
  ],
  [
    'ProtectionShell',
    { jobRunId: 'BigInt', runType: 'RunType', protectionJob: 'ProtectionJob', copyRuns: 'CopyRunConnection' },
  ],
  [
    'CopyJob',
    {
      accountId: 'String',
      copyJobId: 'String!',
      sourceBackupVaultArn: 'String',
      sourceRecoveryPointArn: 'String',
      destinationBackupVaultArn: 'String',
      destinationRecoveryPointArn: 'String',
      resourceArn: 'String',
      statusMessage: 'String',
      iamRoleArn: 'String',
      createdBy: 'RecoveryPointCreator',
      resourceType: 'String',
      parentJobId: 'String',
      isParent: 'Boolean',
      compositeMemberIdentifier: 'String',
      numberOfChildJobs: 'BigInt',
      childJobsInState: '[ChildJobsInState!]',
      resourceName: 'String',
      messageCategory: 'String',
      destinationVaultType: 'String',
      destinationVaultLockState: 'String',
      destinationEncryptionKeyArn: 'String',
      destinationRecoveryPointLifecycle: 'RecoveryPointLifecycle',
      createdByBackupJobId: 'String',
      parent: 'CopyJob',
      children: 'CopyJobConnection',
      protectedObject: 'ProtectedObject',
    },
  ],
  [
    'ProtectedObject',
    {
      id: 'ID!',
      name: 'String!',
      upstream: 'Upstream!',
      source: 'ProtectionSource',
      resourceArn: 'String',
      resourceType: 'String',
      copies: 'CopyOperationConnection',
    },
  ],
  ['ChildJobsInState', { state: 'ActivityState!', count: 'BigInt!' }],
  [
    'Upstream',
    {
      id: 'ID!',
      name: 'String!',
      kind: 'UpstreamKind!',
      sandbox: 'Boolean!',
      region: 'String',
      clusterId: 'BigInt',
      clusterName: 'String',
      version: 'String',
      health: 'UpstreamHealth',
    },
  ],
  [
    'UpstreamHealth',
    {
      status: 'HealthStatus!',
      latencyMs: 'Int',
      lastSuccessAt: 'DateTime',
      lastError: 'String',
      circuit: 'CircuitState!',
    },
  ],
  [
    'UpstreamReport',
    {
      upstream: 'Upstream!',
      ok: 'Boolean!',
      observedAt: 'DateTime',
      stale: 'Boolean!',
      complete: 'Boolean!',
      incompleteReasons: '[IncompleteReason!]!',
      error: 'UpstreamReportError',
    },
  ],
  ['UpstreamReportError', { code: 'ErrorCode!', message: 'String!', retryAfterMs: 'Int' }],
  [
    'Query',
    {
      node: 'Node',
      nodes: '[Node]!',
      upstreams: '[Upstream!]!',
      upstream: 'Upstream',
      copyOperations: 'CopyOperationConnection',
      copyRuns: 'CopyRunConnection',
      copyRun: 'CopyRun',
      copySnapshotTasks: 'CopySnapshotTaskConnection',
      protectionShells: 'ProtectionShellConnection',
      protectionJobs: 'ProtectionJobConnection',
      copyJobs: 'CopyJobConnection',
      copyJob: 'CopyJob',
      failover: 'Failover',
      failovers: '[Failover]!',
      viewFailovers: '[ViewFailover!]',
    },
  ],
  [
    'Mutation',
    {
      failover: 'FailoverResult',
      cancelFailover: 'CancelFailoverResult',
      cancelCopyRun: 'CancelCopyRunResult',
      retryCopy: 'RetryCopyResult',
      viewFailover: 'ViewFailoverResult',
      cancelViewFailover: 'CancelViewFailoverResult',
      initFailover: 'FailoverStepResult',
      linkFailoverObjects: 'FailoverStepResult',
      activateFailover: 'FailoverStepResult',
      deactivateFailoverSource: 'FailoverStepResult',
      cancelFailoverWorkflow: 'FailoverStepResult',
      acknowledgeFailoverStep: 'FailoverStepResult',
    },
  ],
  [
    'Failover',
    {
      id: 'ID!',
      state: 'FailoverState!',
      runId: 'String',
      run: 'ProtectionShell',
      copyRuns: 'CopyRunConnection',
      requestedAt: 'DateTime',
      message: 'String',
    },
  ],
  ['FailoverAccepted', { failover: 'Failover!' }],
  ['FailoverPlan', { checks: '[FailoverCheck!]!' }],
  [
    'CopyRetryAccepted',
    { state: 'RetryState!', operation: 'CopyOperation', upstream: 'Upstream!', requestedAt: 'DateTime' },
  ],
  ['CopyRetryPlan', { ok: 'Boolean!', checks: '[RetryCheck!]!', planToken: 'String' }],
  ['ViewFailoverAccepted', { failover: 'ViewFailover!' }],
  [
    'ViewFailoverPlan',
    {
      ok: 'Boolean!',
      allowed: '[String!]!',
      checks: '[FailoverCheck!]!',
      dataAgeSeconds: 'Int',
      planToken: 'String',
    },
  ],
  [
    'ViewFailover',
    {
      id: 'ID!',
      upstream: 'Upstream!',
      viewId: 'BigInt!',
      failoverId: 'String',
      action: 'ViewFailoverAction',
      state: 'ViewFailoverState!',
      upstreamState: 'String',
      message: 'String',
      startedAt: 'DateTime',
      endedAt: 'DateTime',
      requestedAt: 'DateTime',
      replications: '[ViewFailoverReplication!]!',
    },
  ],
  [
    'ViewFailoverReplication',
    {
      replicationId: 'String',
      targetClusterId: 'BigInt',
      targetClusterName: 'String',
      upstreamState: 'String',
      progress: 'Float',
      sizeBytes: 'BigInt',
      transferredBytes: 'BigInt',
      physicalTransferredBytes: 'BigInt',
      startedAt: 'DateTime',
      endedAt: 'DateTime',
      error: 'String',
    },
  ],
  ['FailoverCancelRequested', { failover: 'Failover!' }],
  ['FailoverStepTaken', { workflow: 'FailoverWorkflow!', step: 'FailoverStep!' }],
  ['FailoverStepPlan', { ok: 'Boolean!', checks: '[FailoverCheck!]!', dataAgeSeconds: 'Int', planToken: 'String' }],
  [
    'FailoverWorkflow',
    {
      id: 'ID!',
      failoverId: 'String!',
      kind: 'FailoverKind!',
      reason: 'String',
      source: 'Upstream',
      replica: 'Upstream!',
      objects: '[FailoverObjectPair!]!',
      steps: '[FailoverStep!]!',
      nextSteps: '[FailoverStepName!]!',
      plannedRun: 'Failover',
      activatedGroupId: 'String',
      reverseReplication: 'ReverseReplication',
    },
  ],
  [
    'FailoverStep',
    {
      name: 'FailoverStepName!',
      state: 'FailoverStepState!',
      upstream: 'Upstream',
      requestedAt: 'DateTime',
      answeredAt: 'DateTime',
      evidence: 'FailoverStepEvidence',
      message: 'String',
    },
  ],
  [
    'FailoverObjectPair',
    {
      sourceObjectId: 'BigInt',
      replicaObjectId: 'BigInt',
      recoveredObjectId: 'BigInt',
      activated: 'Boolean',
      error: 'String',
    },
  ],
  ['ReverseReplication', { enabled: 'Boolean', error: 'String' }],
  ['CopyRunCancelRequested', { copyRun: 'CopyRun' }],
  ['UserError', { message: 'String!', code: 'RefusalCode!', path: '[String!]!' }],
];

/** The input of each mutation. A member without `!` may be left out. */
const inputs: readonly (readonly [type: string, members: Readonly<Record<string, string>>])[] = [
  [
    'FailoverInput',
    {
      upstream: 'String!',
      idempotencyKey: 'ID!',
      replicationClusterId: 'BigInt!',
      objects: '[FailoverObjectInput!]!',
      protectionGroupId: 'String',
      runType: 'FailoverRunType',
      viewId: 'BigInt',
      cancelNonFailoverRuns: 'Boolean',
      pauseNextRuns: 'Boolean',
      dryRun: 'Boolean',
      allowWithoutLock: 'Boolean',
    },
  ],
  ['FailoverObjectInput', { objectId: 'BigInt!' }],
  [
    'InitFailoverInput',
    {
      replica: 'String!',
      sourceClusterId: 'BigInt!',
      protectionGroupId: 'String',
      environment: 'String',
      objects: '[FailoverObjectInput!]!',
      kind: 'FailoverKind!',
      reason: 'String',
      idempotencyKey: 'ID!',
      confirmName: 'String',
      acceptDataLossSeconds: 'Int',
      sourceIsAlive: 'Boolean',
      dryRun: 'Boolean',
      planToken: 'String',
    },
  ],
  ['FailoverObjectLinkInput', { replicaObjectId: 'BigInt!', recoveredObjectId: 'BigInt!' }],
  [
    'LinkFailoverObjectsInput',
    { workflow: 'ID!', links: '[FailoverObjectLinkInput!]!', dryRun: 'Boolean', planToken: 'String' },
  ],
  [
    'ActivateFailoverInput',
    {
      workflow: 'ID!',
      objects: '[FailoverObjectInput!]!',
      protectionGroupId: 'String',
      enableReverseReplication: 'Boolean',
      policyId: 'String',
      environment: 'String',
      doNotProtect: 'Boolean',
      createObjectBackup: 'Boolean',
      confirmName: 'String',
      acceptDataLossSeconds: 'Int',
      dryRun: 'Boolean',
      planToken: 'String',
    },
  ],
  [
    'DeactivateFailoverInput',
    {
      workflow: 'ID!',
      objects: '[FailoverObjectInput!]!',
      protectionGroupId: 'String',
      keepObjects: 'Boolean',
      confirmName: 'String',
      acceptDataLossSeconds: 'Int',
      dryRun: 'Boolean',
      planToken: 'String',
    },
  ],
  ['CancelFailoverWorkflowInput', { workflow: 'ID!', upstream: 'String!', dryRun: 'Boolean', planToken: 'String' }],
  [
    'AcknowledgeFailoverStepInput',
    { workflow: 'ID!', step: 'FailoverStepName!', happened: 'Boolean!', note: 'String!' },
  ],
  ['RetryCopyInput', { id: 'ID!', idempotencyKey: 'ID!', dryRun: 'Boolean', planToken: 'String' }],
  [
    'ViewFailoverInput',
    {
      upstream: 'String!',
      viewId: 'BigInt!',
      action: 'ViewFailoverAction!',
      reverseReplication: 'Boolean',
      idempotencyKey: 'ID!',
      confirmName: 'String',
      acceptDataLossSeconds: 'Int',
      sourceIsAlive: 'Boolean',
      dryRun: 'Boolean',
      planToken: 'String',
    },
  ],
];

const unions: readonly (readonly [type: string, members: readonly string[]])[] = [
  ['CancelCopyRunResult', ['CancelRejected', 'CopyRunCancelRequested']],
  ['CancelFailoverResult', ['CancelRejected', 'FailoverCancelRequested']],
  ['CancelViewFailoverResult', ['CancelRejected', 'ViewFailoverAccepted']],
  [
    'FailoverResult',
    ['FailoverAccepted', 'FailoverConflict', 'FailoverPlan', 'FailoverRejected', 'InvalidFailoverInput'],
  ],
  [
    'FailoverStepResult',
    ['FailoverConflict', 'FailoverRejected', 'FailoverStepPlan', 'FailoverStepTaken', 'InvalidFailoverInput'],
  ],
  [
    'RetryCopyResult',
    ['CopyRetryAccepted', 'CopyRetryConflict', 'CopyRetryPlan', 'InvalidRetryInput', 'RetryRejected'],
  ],
  [
    'ViewFailoverResult',
    ['FailoverConflict', 'FailoverRejected', 'InvalidFailoverInput', 'ViewFailoverAccepted', 'ViewFailoverPlan'],
  ],
];

const words: readonly (readonly [type: string, values: readonly string[]])[] = [
  [
    'ActivityState',
    [
      'QUEUED',
      'RUNNING',
      'CANCELING',
      'CANCELED',
      'SUCCEEDED',
      'WARNING',
      'PARTIAL',
      'FAILED',
      'ON_HOLD',
      'MISSED',
      'UNKNOWN',
    ],
  ],
  [
    'FailureCategory',
    ['ACCESS', 'ENCRYPTION_KEY', 'TARGET_UNREACHABLE', 'CAPACITY', 'THROTTLED', 'POLICY', 'MEDIA', 'OTHER'],
  ],
  ['CopyTargetKind', ['LOCAL', 'REMOTE', 'ARCHIVAL', 'CLOUD_DEPLOY', 'CLOUD_REPLICATION', 'VAULT', 'UNKNOWN']],
  ['Composite', ['ALL', 'TOP_LEVEL', 'LEAVES']],
  ['ReplicaFilter', ['AUTO', 'INCLUDE', 'EXCLUDE', 'ONLY']],
  [
    'FailoverState',
    ['REQUESTED', 'WAITING_FOR_CANCELLATIONS', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'UNCONFIRMED'],
  ],
  ['FailoverKind', ['PLANNED', 'UNPLANNED']],
  ['FailoverStepName', ['INIT', 'PLANNED_RUN', 'LINK', 'ACTIVATE', 'DEACTIVATE', 'CANCEL']],
  ['FailoverStepState', ['NOT_STARTED', 'REQUESTED', 'DONE', 'PARTIAL', 'REJECTED', 'UNCONFIRMED']],
  ['FailoverStepEvidence', ['ANSWER', 'POLL', 'AUDIT', 'PERSON']],
  ['ViewFailoverAction', ['PREPARE', 'FINALIZE', 'UNPLANNED']],
  ['ViewFailoverState', ['RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'UNCONFIRMED', 'UNKNOWN']],
  ['FailoverRunType', ['ALL', 'LOG', 'SYSTEM', 'INCREMENTAL', 'FULL', 'HYDRATE_CDP', 'STORAGE_ARRAY_SNAPSHOT']],
];

const families: readonly (readonly [type: string, members: readonly string[]])[] = [
  ['Activity', ['CopyJob', 'CopyRun', 'CopySnapshotTask', 'ProtectionShell']],
  ['CopyOperation', ['CopyJob', 'CopyRun', 'CopySnapshotTask']],
  [
    'CopyTarget',
    [
      'ArchivalTarget',
      'BackupVaultTarget',
      'CloudDeployTarget',
      'CloudReplicationTarget',
      'LocalTarget',
      'RemoteClusterTarget',
      'UnknownTarget',
    ],
  ],
  [
    'UserError',
    [
      'CancelRejected',
      'CopyRetryConflict',
      'FailoverConflict',
      'FailoverRejected',
      'InvalidFailoverInput',
      'InvalidRetryInput',
      'RetryRejected',
    ],
  ],
];

describe('the spine', () => {
  it.each(spine)('%s has the fields that others build on', (type, expected) => {
    expect(Object.fromEntries(Object.keys(expected).map((field) => [field, typeOf(type, field)]))).toEqual(expected);
  });

  it.each(inputs)('%s takes exactly these members', (name, expected) => {
    const input = schema.getType(name);
    const members = isInputObjectType(input) ? Object.values(input.getFields()) : [];
    expect(Object.fromEntries(members.map((member) => [member.name, String(member.type)]))).toEqual(expected);
  });

  it.each(words)('%s has these words and no others', (type, expected) => {
    expect([...valuesOf(type)].sort()).toEqual([...expected].sort());
  });

  it.each(families)('%s is what these types are', (type, expected) => {
    expect(implementers(type)).toEqual(expected);
  });

  it.each(unions)('%s is one of these', (name, expected) => {
    const union = schema.getType(name);
    expect(
      isUnionType(union) &&
        union
          .getTypes()
          .map((type) => type.name)
          .sort(),
    ).toEqual(expected);
  });

  it('has a field id on nothing but nodes, so that caches tell two clusters apart', () => {
    const strangers = fields.filter(
      ({ type, field }) =>
        field.name === 'id' && !(isObjectType(type) || isInterfaceType(type) ? implementsNode(type) : false),
    );
    expect(strangers.map(({ path }) => path)).toEqual([]);
  });

  it('takes an id and nothing else in node, ids and nothing else in nodes', () => {
    const argumentsOf = (name: string) =>
      fields.find(({ path }) => path === `Query.${name}`)?.field.args.map((one) => `${one.name}: ${String(one.type)}`);
    expect(argumentsOf('node')).toEqual(['id: ID!']);
    expect(argumentsOf('nodes')).toEqual(['ids: [ID!]!']);
  });

  it('says where each scalar of its own is specified, and what the whole is for', () => {
    const bare = types.filter((type) => isScalarType(type) && !/^https:/.test(type.specifiedByURL ?? ''));
    expect(bare.map(String)).toEqual([]);
    expect(schema.description).toContain('backup copy');
    expect(printSubgraph(schema)).not.toMatch(/^schema\b/m); // Hive's router cannot read a description there
  });

  it('has no other unions, and BigInt, DateTime and JSON as its own scalars', () => {
    expect(
      types
        .filter((type) => isScalarType(type))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['BigInt', 'DateTime', 'JSON']);
    expect(
      types
        .filter((type) => isUnionType(type))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(unions.map(([name]) => name));
  });
});
