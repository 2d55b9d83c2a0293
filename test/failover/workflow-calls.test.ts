import { parse } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/assembly/connect.js';
import { parseConfig } from '../../src/assembly/config.js';
import type { FailoverActivationOrder } from '../../src/domain/failover-workflow.js';
import { cohesitySandboxCredentials, startCohesitySandbox } from '../../src/sandbox/cohesity/server.js';
import type { FailoverWorkflowAbility } from '../../src/upstream/failover-workflow-ability.js';
import { closing } from '../support/closing.js';
import { createContract } from '../support/contract.js';
import { type Raw, type Reply, startFake } from '../support/fake.js';
import { startRecorder } from '../support/recorder.js';

/** The ability of one cluster, as the gateway connects to it. */
const abilityAt = (url: string, key = 'key'): FailoverWorkflowAbility => {
  const upstreams = [{ id: 'dc-west', kind: 'cohesity', url, auth: { apiKey: key }, timeoutMs: 300 }];
  const [connected] = connect(parseConfig(JSON.stringify({ upstreams }), 'test', {}));
  if (connected?.client.failoverWorkflow === undefined) throw new Error('no such ability');
  closing(connected);
  return connected.client.failoverWorkflow;
};

const begin = async (answer: (raw: Raw) => Reply) => {
  const fake = closing(await startFake((_, raw) => answer(raw)));
  return { fake, ability: abilityAt(fake.url) };
};

const opening = { objectIds: [9n], protectionGroupId: null, sourceClusterId: 1n, environment: null };
const order: FailoverActivationOrder = {
  objectIds: [9n],
  protectionGroupId: null,
  enableReverseReplication: false,
  policyId: null,
  environment: null,
  doNotProtect: null,
  createObjectBackup: null,
};
const deactivation = { replicationClusterId: 2n, objectIds: [9n], protectionGroupId: null, keepObjects: true };

/** Each step, with the least that it needs. */
const steps = {
  init: (ability: FailoverWorkflowAbility) => ability.init('wf', opening, {}),
  link: (ability: FailoverWorkflowAbility) => ability.link('wf', [{ replicaObjectId: 9n, recoveredObjectId: 10n }], {}),
  activate: (ability: FailoverWorkflowAbility) => ability.activate('wf', order, {}),
  deactivate: (ability: FailoverWorkflowAbility) => ability.deactivate('wf', deactivation, {}),
  cancel: (ability: FailoverWorkflowAbility) => ability.cancel('wf', {}),
} as const;
type Step = keyof typeof steps;
const every = Object.keys(steps) as readonly Step[];
/** Those whose answer has a body. */
const answered = ['init', 'activate'] as const;

const good: Reply = { status: 201, body: {} };

/** An id beyond 2^53, which a double would round. */
const large = 9_007_199_254_740_993n;

describe('the requests of the failover of objects', () => {
  it.each([
    [
      'init',
      'a/b',
      (ability: FailoverWorkflowAbility) =>
        ability.init(
          'a/b',
          { objectIds: [large, 8n], protectionGroupId: '1:2:3', sourceClusterId: large, environment: 'kVMware' },
          {},
        ),
      '/v2/data-protect/failover/a%2Fb',
      {
        sourceCluster: { id: large },
        replicationCluster: { objects: [{ objectId: large }, { objectId: 8n }], protectionGroupId: '1:2:3' },
        protectionGroupEnvironment: 'kVMware',
      },
    ],
    [
      'an init of the least',
      'wf',
      steps.init,
      '/v2/data-protect/failover/wf',
      { sourceCluster: { id: 1n }, replicationCluster: { objects: [{ objectId: 9n }] } },
    ],
    [
      'a link',
      'wf',
      (ability: FailoverWorkflowAbility) =>
        ability.link('wf', [{ replicaObjectId: large, recoveredObjectId: 10n }], {}),
      '/v2/data-protect/failover/wf/object-linkage',
      { objectMap: [{ replicaObjectId: large, failoverObjectId: 10n }] },
    ],
    [
      'an activation with all its members',
      'wf',
      (ability: FailoverWorkflowAbility) =>
        ability.activate(
          'wf',
          {
            objectIds: [large],
            protectionGroupId: '1:2:3',
            enableReverseReplication: true,
            policyId: '4:5:6',
            environment: 'kSQL',
            doNotProtect: false,
            createObjectBackup: true,
          },
          {},
        ),
      '/v2/data-protect/failover/wf/backup-activation',
      {
        objects: [{ objectId: large }],
        protectionGroupId: '1:2:3',
        enableReverseReplication: true,
        doNotProtect: false,
        createObjectBackup: true,
        targetFailoverPolicyId: '4:5:6',
        targetFailoverEnvironment: 'kSQL',
      },
    ],
    [
      'an activation of the least',
      'wf',
      steps.activate,
      '/v2/data-protect/failover/wf/backup-activation',
      { objects: [{ objectId: 9n }], enableReverseReplication: false },
    ],
    [
      'a deactivation',
      'wf',
      (ability: FailoverWorkflowAbility) =>
        ability.deactivate('wf', { ...deactivation, protectionGroupId: '1:2:3', keepObjects: false }, {}),
      '/v2/data-protect/failover/wf/backup-deactivation',
      {
        replicationClusterId: 2n,
        objects: [{ objectId: 9n }],
        protectionGroupId: '1:2:3',
        keepFailoverObjects: false,
      },
    ],
  ] as const)('has the members of %s', async (_what, _id, send, path, body) => {
    const { fake, ability } = await begin(() => good);
    await send(ability);
    expect(fake.requests()).toEqual([`POST ${path}`]);
    const digits = (text: string): unknown => parse(text, undefined, BigInt);
    expect(digits(fake.seen[0]?.body ?? '')).toEqual(body);
  });

  it('cancels without a body', async () => {
    const { fake, ability } = await begin(() => ({ status: 201 }));
    await steps.cancel(ability);
    expect([fake.requests(), fake.seen[0]?.body]).toEqual([['POST /v2/data-protect/failover/wf/cancel'], '']);
  });
});

describe('the answers to the failover of objects', () => {
  it('reads the pairs, and all that a planned run needs', async () => {
    const body = {
      replicaToSourceObjects: [{ replicaObjectId: large, sourceObjectId: 7 }, null, { replicaObjectId: 9 }],
      sourceClusterInfo: { id: large, incarnationId: 3, protectionGroupId: '1:2:3', viewId: null },
      another: true,
    };
    const { ability } = await begin(() => ({ status: 201, body }));
    expect(await steps.init(ability)).toEqual({
      pairs: [
        { replicaObjectId: large, sourceObjectId: 7n },
        { replicaObjectId: 9n, sourceObjectId: null },
      ],
      source: { clusterId: large, incarnationId: 3n, protectionGroupId: '1:2:3', viewId: null },
    });
  });

  it.each([{}, { replicaToSourceObjects: null, sourceClusterInfo: null }])(
    'reads an init that says nothing',
    async (body) => {
      const { ability } = await begin(() => ({ status: 201, body }));
      expect(await steps.init(ability)).toEqual({ pairs: [], source: null });
    },
  );

  const activated = { protectionGroupId: null, objectIds: null, reverseReplication: null, objectErrors: [] };

  it.each([
    ['nothing', {}, activated],
    ['null', { protectionGroupId: null, objects: null, objectErrors: null, reverseReplicationResult: null }, activated],
    ['a group', { protectionGroupId: '1:2:3' }, { ...activated, protectionGroupId: '1:2:3' }],
    ['a group without a name', { protectionGroupId: '' }, activated],
    ['objects', { objects: [{ objectId: large }, null, {}] }, { ...activated, objectIds: [large] }],
    ['no objects', { objects: [] }, { ...activated, objectIds: [] }],
    [
      'replication back',
      { reverseReplicationResult: { isReverseReplicationEnabled: true } },
      { ...activated, reverseReplication: { enabled: true, error: null } },
    ],
    [
      'no replication back, and why',
      { reverseReplicationResult: { isReverseReplicationEnabled: false, errorReason: 'No route' } },
      { ...activated, reverseReplication: { enabled: false, error: 'No route' } },
    ],
    [
      'replication back that is not told',
      { reverseReplicationResult: {} },
      { ...activated, reverseReplication: { enabled: null, error: null } },
    ],
    [
      'errors, of which one is odd',
      { objectErrors: [{ errorCode: 'KOdd', message: 'no such object' }, { errorCode: 7 }, {}, 'text'] },
      {
        ...activated,
        objectErrors: ['no such object', '7', 'The cluster gives no reason.', 'The cluster gives no reason.'].map(
          (error) => ({ objectId: 9n, error }),
        ),
      },
    ],
  ])('reads an activation with %s', async (_what, body, expected) => {
    const { ability } = await begin(() => ({ status: 201, body }));
    expect(await steps.activate(ability)).toEqual(expected);
  });

  it('does not guess which of several objects an error belongs to, and passes on no secret in it', async () => {
    const objectErrors = [{ message: 'login failed, password=Hunter2Hunter2' }];
    const { ability } = await begin(() => ({ status: 201, body: { objectErrors } }));
    const { objectErrors: found } = await ability.activate('wf', { ...order, objectIds: [8n, 9n] }, {});
    expect(found).toEqual([{ objectId: null, error: expect.stringContaining('login failed') }]);
    expect(found[0]?.error).not.toContain('Hunter2');
  });

  it.each(['link', 'deactivate', 'cancel'] as const)('takes an empty answer to %s', async (name) => {
    for (const body of ['', {}]) {
      const { ability } = await begin(() => ({ status: 201, body }));
      expect(await steps[name](ability)).toBeUndefined();
    }
  });
});

describe('the failures of the failover of objects', () => {
  /** The error of a step, and that it was sent once. */
  const failing = async (step: Step, answer: (raw: Raw) => Reply) => {
    const { fake, ability } = await begin(answer);
    const error: unknown = await steps[step](ability).then(
      () => null,
      (one: unknown) => one,
    );
    expect(fake.seen).toHaveLength(1);
    return error;
  };

  const failures: readonly (readonly [string, (raw: Raw) => Reply, object])[] = [
    [
      'a refusal',
      () => ({ status: 400, body: { errorCode: 'KInvalidRequest', message: 'not now' } }),
      { reason: 'rejected', errorCode: 'KInvalidRequest', status: 400 },
    ],
    [
      'an unknown workflow',
      () => ({ status: 404, body: { errorCode: 'KEntityNotExistsError', message: 'no such failover' } }),
      { reason: 'notFound', status: 404 },
    ],
    ['a path that does not exist', () => ({ status: 404, body: '<html>' }), { reason: 'malformed', status: 404 }],
    ['a lack of rights', () => ({ status: 403, body: { message: 'no' } }), { reason: 'unauthorized' }],
    ['too many requests', () => ({ status: 429, body: 'Too Many Requests' }), { reason: 'throttled' }],
    [
      'a failure within',
      () => ({ status: 500, body: { errorCode: 'KInternalError', message: 'magneto timed out' } }),
      { reason: 'unavailable', status: 500 },
    ],
    ['a page of a proxy', () => ({ status: 201, body: '<html>Created</html>' }), { reason: 'malformed', sent: true }],
    ['half an answer', () => ({ status: 201, body: '{"objects": [' }), { reason: 'malformed', sent: true }],
    [
      'a connection that drops',
      ({ response }) => {
        response.socket?.destroy();
        return null;
      },
      { reason: 'unavailable', sent: true },
    ],
    ['silence', () => null, { reason: 'timeout', sent: true }],
  ];

  it.each(every.flatMap((step) => failures.map(([what, answer, error]) => ({ step, what, answer, error }))))(
    '$step is sent once, and fails with $what',
    async ({ step, answer, error }) => {
      expect(await failing(step, answer)).toMatchObject({ name: 'UpstreamError', upstream: 'dc-west', ...error });
    },
  );

  it.each([
    ...answered.flatMap((step) => ['', '7', '"done"', '[]'].map((body) => [step, body] as const)),
    ...(['link', 'deactivate'] as const).flatMap((step) => ['7', '"done"'].map((body) => [step, body] as const)),
    ['init', '{"replicaToSourceObjects": {}}'],
    ['init', '{"replicaToSourceObjects": [{"replicaObjectId": "nine"}]}'],
    ['init', '{"sourceClusterInfo": 7}'],
    ['activate', '{"objects": [{"objectId": "nine"}]}'],
    ['activate', '{"objectErrors": {}}'],
    ['activate', '{"reverseReplicationResult": true}'],
  ] as const)('an answer to %s that cannot be read is lost: %s', async (step, body) => {
    expect(await failing(step, () => ({ status: 201, body }))).toMatchObject({ reason: 'malformed', sent: true });
  });

  it.each(every)('%s is not sent where nothing listens, and says so', async (step) => {
    const fake = await startFake(() => good);
    await fake.close();
    await expect(steps[step](abilityAt(fake.url))).rejects.toMatchObject({ reason: 'unavailable', sent: false });
  });
});

describe('the failover of objects between the clusters of the sandbox', () => {
  const startPair = async (faults: readonly string[] = []) => {
    const played = closing(await startCohesitySandbox({ faults }));
    const replica = closing(await played.startReplica());
    const [home, away] = [closing(await startRecorder(played.url)), closing(await startRecorder(replica.url))];
    const { apiKey } = cohesitySandboxCredentials;
    const problems = (): readonly string[] => {
      const { checkRequest, checkResponse } = createContract('cohesity');
      return [...home.exchanges, ...away.exchanges].flatMap((one) => [...checkRequest(one), ...checkResponse(one)]);
    };
    return { source: abilityAt(home.url, apiKey), replica: abilityAt(away.url, apiKey), problems };
  };
  const [HOME, AWAY] = [3141592653589793n, 2718281828459045n];
  const objectIds = [5_200_101n, 5_200_102n];
  const init = (ability: FailoverWorkflowAbility) =>
    ability.init('wf', { ...opening, objectIds, sourceClusterId: HOME }, {});

  it('goes through every step, as the vendor describes it', async () => {
    const { source, replica, problems } = await startPair();
    const opened = await init(replica);
    expect(opened).toEqual({
      pairs: objectIds.map((id) => ({ replicaObjectId: id, sourceObjectId: id - 5_000_000n })),
      source: expect.objectContaining({ clusterId: HOME, protectionGroupId: `${HOME}:1546300800000:2001` }),
    });
    await replica.link('wf', [{ replicaObjectId: 5_200_101n, recoveredObjectId: 77n }], {});
    const activation = await replica.activate('wf', { ...order, objectIds, enableReverseReplication: true }, {});
    expect(activation).toMatchObject({
      objectIds,
      reverseReplication: { enabled: true, error: null },
      objectErrors: [],
    });
    await expect(replica.activate('wf', { ...order, objectIds }, {})).rejects.toMatchObject({ reason: 'rejected' });
    await expect(replica.cancel('wf', {})).rejects.toMatchObject({ reason: 'rejected' });
    const objects = { objectIds: [200_101n, 200_102n], replicationClusterId: AWAY };
    await source.deactivate('wf', { ...deactivation, ...objects }, {});
    await expect(source.cancel('wf', {})).rejects.toMatchObject({ reason: 'rejected' });
    expect(problems()).toEqual([]);
  });

  it('reads what each fault answers', async () => {
    const partial = await startPair(['activation-partial', 'activation-one-way']);
    await init(partial.replica);
    const wanted = { ...order, objectIds, enableReverseReplication: true };
    expect(await partial.replica.activate('wf', wanted, {})).toMatchObject({
      objectIds: [5_200_101n],
      reverseReplication: { enabled: false, error: 'The source cluster cannot be reached' },
      objectErrors: [{ objectId: null, error: expect.stringContaining('5200102') }],
    });
    expect(partial.problems()).toEqual([]);
    const unreadable = await startPair(['activation-unreadable']);
    await init(unreadable.replica);
    await expect(unreadable.replica.activate('wf', { ...order, objectIds }, {})).rejects.toMatchObject({
      reason: 'malformed',
      sent: true,
    });
  });
});
