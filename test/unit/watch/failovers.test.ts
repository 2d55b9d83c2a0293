import { pino } from 'pino';
import { expect, it } from 'vitest';
import { micros } from '../../../src/domain/micros.js';
import { createAuditTrail } from '../../../src/edge/audit.js';
import { createFailoverGuard } from '../../../src/failover/guard.js';
import { visibleClients } from '../../../src/upstream/clients.js';
import type { FailoverAbility, UpstreamClient } from '../../../src/upstream/product.js';
import { readSteps } from '../../../src/watch/failovers.js';
import { NOON, attemptOf } from '../../support/attempts.js';

const polled: string[] = [];
const nobody = (): Promise<never> => Promise.reject(new Error('nobody asks for this'));

const failover: FailoverAbility = {
  planned: async (_session, key) => {
    polled.push(key);
    return null;
  },
  poll: nobody,
  start: nobody,
  cancel: nobody,
  run: nobody,
  jobs: nobody,
  runs: nobody,
  remoteCluster: nobody,
  forget: () => undefined,
};

const client: UpstreamClient = {
  upstream: { __typename: 'Upstream', id: 'dc-east', name: 'dc-east', kind: 'MODEL', sandbox: false, region: null },
  health: () => ({ status: 'UP', latencyMs: null, lastSuccessAt: null, lastError: null, circuit: 'CLOSED' }),
  copies: () => null,
  live: () => [],
  failover,
};

it('asks for planned failovers alone: a retry and a step of a view are none', async () => {
  const guard = createFailoverGuard(createAuditTrail({ logger: pino({ level: 'silent' }), file: null }), null);
  for (const key of ['drill-1', 'retryCopy:again-1', 'viewFailover:views-1'])
    await guard.memory.begin(attemptOf({ key, attemptId: key }));
  const session = { clients: visibleClients(new Map([['dc-east', client]]), null), call: {}, base: null };
  const seen = await readSteps({ session, failoverGuard: guard, now: micros(NOON + 1) }, new Map());
  expect(polled).toEqual(['drill-1']);
  expect(seen.map(({ failover: { failoverId } }) => failoverId)).toEqual(['drill-1']);
});
