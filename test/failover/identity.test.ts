import { expect, it } from 'vitest';
import { notOk, retry, startRetryAccount, startRetryCluster, startRetryGateway } from '../support/retry.js';
import { until } from '../support/until.js';

it('asks each upstream at the start who it is, and acts on no other that answers later', async () => {
  const double = await startRetryCluster();
  const account = await startRetryAccount();
  const gateway = await startRetryGateway([double.upstream, account.upstream], { asksIdentities: true, played: false });
  await until(() => expect(double.requests()).toEqual(['GET /irisservices/api/v1/public/cluster']));
  await until(() => expect(account.seen.map(({ path }) => path)).toEqual(['/backup-vaults']));
  double.holds.cluster = { id: 9, name: 'west' };
  expect(notOk(await retry(gateway, { id: double.copyId, dryRun: true }))).toContain('SAME_SYSTEM');
});

it('asks again, before it acts, an upstream that could not say at the start', async () => {
  const double = await startRetryCluster();
  double.plays.gate = () => ({ status: 404, body: { errorCode: 'KNotFound', message: 'starting' } });
  const gateway = await startRetryGateway([double.upstream], { asksIdentities: true, played: false });
  await until(() => expect(double.seen).not.toEqual([]));
  double.plays.gate = () => undefined;
  expect(notOk(await retry(gateway, { id: double.copyId, dryRun: true }))).toEqual([]);
});
