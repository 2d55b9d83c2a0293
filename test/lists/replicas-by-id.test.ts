import { describe, expect, it } from 'vitest';
import { type Fake, type Reply, type Seen, cohesityAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { type Name, EAST, WEST, archive, at, copy, jobUid, local, run, startPair, toWest } from '../support/pair.js';

type Broken = (name: Name, request: Seen) => Reply | undefined;

const posture = 'id copyTargets { target { kind } } copyPosture { copies sites offsite }';
const reports = 'upstreamReports { upstream { name } ok complete error { code message } }';
const inList = `{ protectedObjects { nodes { ${posture} } } }`;
const byNode = (id: string) => `{ node(id: "${id}") { ... on ProtectedObject { ${posture} } } }`;
const byEntity = (id: string) =>
  `{ _entities(representations: [{ __typename: "ProtectedObject", id: "${id}" }]) { ... on ProtectedObject { ${posture} } } }`;
const byTask = `{ node(id: "CopyRun:dc-east:7:${at}:${EAST}:1:1") { ... on CopyRun { copySnapshotTasks { nodes { protectedObject { ${posture} } } } } } }`;
const copiesOf = (id: string, args = '', more = '') =>
  `{ node(id: "${id}") { ... on ProtectedObject { copies${args} { totalCount nodes { id target { kind } } ${more} } } } }`;

const ofOwner = 'ProtectedObject:dc-east:11';
const ofReplica = 'ProtectedObject:dc-west:911';

const kindsOf = ({
  copyTargets,
}: {
  readonly copyTargets: readonly { readonly target: { readonly kind: string } }[];
}) => copyTargets.map(({ target }) => target.kind);

const isRuns = ({ path }: Seen): boolean => path.endsWith('/protectionRuns');
const down: Reply = { status: 400, body: { errorCode: 'KNo', message: 'no' } };
/** The paths that a cluster was asked for, each once. */
const asked = ({ seen }: Fake): readonly string[] =>
  [...new Set(seen.map(({ path }) => path.split('/public/')[1] ?? path))].sort();

describe('the object of a pair of clusters by its id', () => {
  it('says what the list says of it, wherever it is reached', async () => {
    const { execute } = await startPair();
    const listed = (await execute(inList)).data.protectedObjects.nodes[0];
    expect(kindsOf(listed)).toEqual(['ARCHIVAL', 'LOCAL', 'REMOTE']);
    const [node, entity, task] = [
      await execute(byNode(ofOwner)),
      await execute(byEntity(ofOwner)),
      await execute(byTask),
    ];
    expect([...node.errors, ...entity.errors, ...task.errors]).toEqual([]);
    expect(node.data.node).toEqual(listed);
    expect(entity.data._entities).toEqual([listed]);
    expect(task.data.node.copySnapshotTasks.nodes).toEqual([{ protectedObject: listed }]);
  });

  it.each([
    ['', ['ARCHIVAL', 'LOCAL', 'REMOTE']],
    ['(filter: { targetKinds: [ARCHIVAL] })', ['ARCHIVAL']],
    ['(filter: { upstreams: ["dc-east"] })', ['LOCAL', 'REMOTE']],
    ['(first: 1)', ['REMOTE']],
  ])('with copies%s lists the replica’s onward copies, and not its local one', async (args, kinds) => {
    const { execute } = await startPair();
    const { data, errors } = await execute(copiesOf(ofOwner, args, reports));
    expect(errors).toEqual([]);
    const { nodes, totalCount, upstreamReports } = data.node.copies;
    const found = nodes.map(({ target }: { target: { kind: string } }) => target.kind).sort();
    if (args.includes('first')) expect(found).toHaveLength(1);
    else expect(found).toEqual(kinds);
    expect(totalCount).toBe(args.includes('first') ? 3 : kinds.length);
    expect(upstreamReports).toHaveLength(args.includes('upstreams') ? 1 : 2);
    for (const report of upstreamReports) expect(report).toMatchObject({ ok: true, complete: true });
  });

  it('has what its own cluster holds where that is the replica', async () => {
    const { execute } = await startPair();
    const { data, errors } = await execute(byNode(ofReplica));
    expect(errors).toEqual([]);
    expect(kindsOf(data.node)).toEqual(['ARCHIVAL', 'LOCAL']);
    expect((await execute(copiesOf(ofReplica))).data.node.copies.nodes).toHaveLength(2);
  });

  it('gets no copies of another object of that name in its job, as in the list', async () => {
    const twice: Broken = (name, request) =>
      name === 'dc-east' && isRuns(request)
        ? {
            body: [
              run(7, 'Gold', jobUid, [
                copy(EAST, 1, local, 11),
                copy(EAST, 2, toWest, 11),
                copy(EAST, 3, local, 12), // also called vm-1
              ]),
            ],
          }
        : undefined;
    const { execute } = await startPair(twice);
    const listed = (await execute(inList)).data.protectedObjects.nodes;
    const { data } = await execute(byNode(ofOwner));
    expect(listed).toContainEqual(data.node);
    expect(kindsOf(data.node)).toEqual(['LOCAL', 'REMOTE']);
    expect((await execute(copiesOf(ofOwner))).data.node.copies.totalCount).toBe(2);
  });

  it('gets no copies of what has another name there', async () => {
    const renamed: Broken = (name, request) =>
      name === 'dc-west' && isRuns(request)
        ? { body: [run(29, 'Gold', jobUid, [copy(WEST, 5, archive, 911, 'vm-2')])] }
        : undefined;
    const { execute } = await startPair(renamed);
    expect(kindsOf((await execute(byNode(ofOwner))).data.node)).toEqual(['LOCAL', 'REMOTE']);
  });
});

describe('an object whose replica cannot be asked', () => {
  it.each(['protectionRuns', 'protectionJobs', 'cluster'])('for %s says so', async (what) => {
    const { execute } = await startPair((name, { path }) =>
      name === 'dc-west' && path.endsWith(`/${what}`) ? down : undefined,
    );
    const reported = await execute(copiesOf(ofOwner, '', reports));
    expect(reported.errors).toEqual([]);
    expect(reported.data.node.copies).toMatchObject({
      totalCount: null,
      nodes: [{}, {}],
      upstreamReports: [
        { upstream: { name: 'dc-east' }, ok: true, complete: true, error: null },
        { upstream: { name: 'dc-west' }, ok: false, complete: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } },
      ],
    });
    const unreported = await execute(copiesOf(ofOwner));
    expect(unreported.errors).toMatchObject([{ path: ['node', 'copies'], extensions: { upstream: 'dc-west' } }]);
    const { data, errors } = await execute(byNode(ofOwner));
    expect(kindsOf(data.node)).toEqual(['LOCAL', 'REMOTE']);
    expect(errors.map(({ path, extensions }) => [path?.[1], extensions['upstream']]).sort()).toEqual([
      ['copyPosture', 'dc-west'],
      ['copyTargets', 'dc-west'],
    ]);
  });

  it('is null where its own cluster fails, as without replicas', async () => {
    const { execute } = await startPair((name, request) => (name === 'dc-east' && isRuns(request) ? down : undefined));
    const { data, errors } = await execute(byNode(ofOwner));
    expect(data.node).toMatchObject({ copyTargets: null, copyPosture: null });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_BAD_RESPONSE', 'UPSTREAM_BAD_RESPONSE']);
  });

  it('because the caller may not see it, is what its own cluster holds', async () => {
    const apiKeys = [apiKey('east-reader', ['copy:read'], ['dc-east'])];
    const { execute, west } = await startPair(undefined, { auth: { apiKeys } });
    const { data, errors } = await execute(byNode(ofOwner), {}, bearer('east-reader'));
    expect(errors).toEqual([]);
    expect(kindsOf(data.node)).toEqual(['LOCAL', 'REMOTE']);
    expect(west.seen).toEqual([]);
  });
});

describe('the calls for one object', () => {
  it('are no more than before where there is one cluster', async () => {
    const { east } = await startPair();
    const { execute } = await startGateway({ upstreams: [cohesityAt(east)] });
    await execute(byNode(ofOwner));
    await execute(copiesOf(ofOwner));
    expect(asked(east)).toEqual(['protectionRuns', 'protectionSources/objects']);
    expect(east.seen.filter(isRuns)).toHaveLength(2);
  });

  it('of a pair ask the owner once for its runs and once for the names in its job, the replica for one job', async () => {
    const { execute, east, west } = await startPair();
    await execute(byNode(ofOwner));
    expect(asked(west)).toEqual(['cluster', 'protectionJobs', 'protectionRuns']);
    expect(west.seen.filter(isRuns).map(({ query }) => query.get('jobId'))).toEqual(['29']);
    expect(east.seen.filter(isRuns).map(({ query }) => [query.get('jobId'), query.get('sourceId')])).toEqual([
      [null, '11'],
      ['7', null],
    ]);
  });
});

describe('references to a replica’s records from other subgraphs', () => {
  it('say whether they are a replica’s', async () => {
    const { execute } = await startPair();
    const keys = [
      ['CopyRun', `dc-west:29:${at}:${WEST}:1:4`, true],
      ['ProtectionShell', `dc-west:29:${at}`, true],
      ['ProtectionJob', 'dc-west:29', true],
      ['CopyRun', `dc-east:7:${at}:${EAST}:1:1`, false],
      ['ProtectionShell', `dc-west:30:${at}`, false],
      ['ProtectionJob', 'dc-west:30', false],
    ] as const;
    const fields = ['CopyRun', 'ProtectionShell', 'ProtectionJob'].map((type) => `... on ${type} { id isReplica }`);
    const { data, errors } = await execute(
      `query ($all: [_Any!]!) { _entities(representations: $all) { __typename ${fields.join(' ')} } }`,
      { all: keys.map(([type, key]) => ({ __typename: type, id: `${type}:${key}` })) },
    );
    expect(errors).toEqual([]);
    expect(data._entities).toEqual(
      keys.map(([type, key, isReplica]) => ({ __typename: type, id: `${type}:${key}`, isReplica })),
    );
  });
});
