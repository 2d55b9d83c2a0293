import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/domain/principal.js';
import { KEY, type PlayedCluster, gistOf, press, startPlayedCluster } from '../support/failover.js';
import { cohesityAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { copyRunKey, start, wireCopyRun, wireRun } from '../support/wire.js';

const scopesOf: Readonly<Record<string, readonly Scope[]>> = {
  reader: ['copy:read'],
  presser: ['failover:execute'],
  stopper: ['copy:cancel'],
  'reading-presser': ['copy:read', 'failover:execute'],
  'reading-stopper': ['copy:read', 'copy:cancel'],
};

let east: PlayedCluster;
let west: PlayedCluster;
let gateway: Gateway;

beforeAll(async () => {
  [east, west] = [await startPlayedCluster(), await startPlayedCluster()];
  const everything: readonly Scope[] = ['copy:read', 'failover:execute', 'copy:cancel'];
  gateway = await startGateway({
    upstreams: [cohesityAt(east), { ...cohesityAt(west), id: 'dc-west' }],
    auth: {
      apiKeys: [
        ...Object.entries(scopesOf).map(([name, scopes]) => apiKey(name, scopes)),
        apiKey('westerner', everything, ['dc-west']),
      ],
    },
  });
  const runs = [wireRun({ copyRun: [wireCopyRun(501, { status: 'kRunning' })] })];
  for (const { held, listed } of [east, west]) {
    held.runs = runs;
    listed.set('under-way', { failoverId: 'under-way', runId: `7:${start}` });
  }
});
afterAll(async () => {
  for (const one of [gateway, east, west]) await one.close();
});

let before = 0;
const asked = () => east.seen.length + west.seen.length;
beforeEach(() => {
  before = asked();
});
const nothingAsked = () => expect(asked()).toBe(before);

const cancelFailover = `mutation { cancelFailover(id: "Failover:dc-east:under-way") { __typename } }`;
const cancelCopyRun = `mutation { cancelCopyRun(id: "CopyRun:${copyRunKey}") { __typename } }`;
const codes = ({ errors }: Pick<Awaited<ReturnType<Gateway['execute']>>, 'errors'>) =>
  errors.map(({ extensions }) => extensions.code);

describe('a failover', () => {
  it.each([false, true])('is forbidden without failover:execute, dry run %s, and nothing is asked', async (dryRun) => {
    for (const key of ['reader', 'stopper', 'reading-stopper']) {
      const { result, errors } = await press(gateway, { dryRun }, bearer(key));
      expect(result).toBeNull();
      expect(errors).toMatchObject([{ path: ['failover'], extensions: { code: 'FORBIDDEN' } }]);
      expect(errors[0]?.message).toContain('failover:execute');
    }
    nothingAsked();
  });

  it('needs no other scope, and its result is told whole but for its run', async () => {
    expect(gistOf(await press(gateway, { dryRun: true }, bearer('presser')))).toMatch(/^FailoverPlan/);
    expect(gistOf(await press(gateway, {}, bearer('presser')))).toBe('FailoverAccepted REQUESTED');
    expect(east.accepted()).toEqual([KEY]);
  });

  it('that is under way shows its state to a presser, its run and copies to a reader alone', async () => {
    const query = `mutation { failover(input: { upstream: "dc-east", idempotencyKey: "under-way", replicationClusterId: "77", objects: [{ objectId: "1" }] }) {
      ... on FailoverAccepted { failover { state runId run { id } copyRuns { nodes { id } } } } } }`;
    const blind = await gateway.execute(query, {}, bearer('presser'));
    expect(blind.data.failover.failover).toEqual({
      state: 'RUNNING',
      runId: `7:${start}`,
      run: null,
      copyRuns: null,
    });
    expect(blind.errors.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
      ['run', 'FORBIDDEN'],
      ['copyRuns', 'FORBIDDEN'],
    ]);
    const seeing = await gateway.execute(query, {}, bearer('reading-presser'));
    expect(seeing.errors).toEqual([]);
    expect(seeing.data.failover.failover.copyRuns.nodes).toEqual([{ id: `CopyRun:${copyRunKey}` }]);
  });

  it('is read with copy:read alone', async () => {
    const query =
      '{ failover(id: "Failover:dc-east:under-way") { id } failovers(ids: ["Failover:dc-east:under-way"]) { id } }';
    const { data, errors } = await gateway.execute(query, {}, bearer('reader'));
    expect(errors).toEqual([]);
    expect(data).toMatchObject({ failover: { id: 'Failover:dc-east:under-way' }, failovers: [{}] });
    before = asked();
    const refused = await gateway.execute(query, {}, bearer('reading-nothing'));
    expect(codes(refused)).toEqual(['UNAUTHENTICATED']);
    expect(codes(await gateway.execute(query, {}, bearer('presser')))).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    nothingAsked();
  });

  it('is nobody’s without a key', async () => {
    expect(codes(await press(gateway))).toEqual(['UNAUTHENTICATED']);
    nothingAsked();
  });

  it('of an upstream that the caller may not see is forbidden, under any name', async () => {
    for (const dryRun of [false, true]) {
      const pressed = await press(gateway, { dryRun }, bearer('westerner'));
      expect(pressed.result).toBeNull();
      expect(codes(pressed)).toEqual(['FORBIDDEN']);
    }
    for (const query of [
      '{ failover(id: "Failover:dc-east:under-way") { id } }',
      '{ failovers(ids: ["Failover:dc-east:under-way"]) { id } }',
      '{ node(id: "Failover:dc-east:under-way") { id } }',
      '{ _entities(representations: [{ __typename: "Failover", id: "Failover:dc-east:under-way" }]) { __typename } }',
      cancelFailover,
      cancelCopyRun,
    ]) {
      expect(codes(await gateway.execute(query, {}, bearer('westerner')))).toEqual(['FORBIDDEN']);
    }
    nothingAsked();
    expect(gistOf(await press(gateway, { upstream: 'dc-west' }, bearer('westerner')))).toBe(
      'FailoverAccepted REQUESTED',
    );
    expect(west.accepted()).toEqual([KEY]);
  });
});

describe('a cancel', () => {
  it.each([
    ['of a failover', cancelFailover],
    ['of a copy run', cancelCopyRun],
  ])('%s is forbidden without copy:cancel, and nothing is asked', async (_what, mutation) => {
    for (const key of ['reader', 'presser', 'reading-presser']) {
      const answer = await gateway.execute(mutation, {}, bearer(key));
      expect(Object.values(answer.data)).toEqual([null]);
      expect(codes(answer)).toEqual(['FORBIDDEN']);
      expect(answer.errors[0]?.message).toContain('copy:cancel');
    }
    nothingAsked();
    expect(codes(await gateway.execute(mutation, {}, bearer('stopper')))).toEqual([]);
  });
});
