import { expect, it } from 'vitest';
import { ago, changes, copyJob, startLive, watch } from '../support/live.js';
import { pointArn, vaultArn, wirePoint, wireVault } from '../support/vaults.js';
import { type Wire } from '../support/wire.js';
import { until } from '../support/until.js';

const DAY = 86_400;
const [region, account] = ['us-east-1', '111122223333'];
const home = vaultArn(region, account, 'home');
const away = vaultArn(region, account, 'away');
const at = (seconds: number): string => new Date(seconds * 1000).toISOString();

it('an event tells when a copy expires, by the recovery points as they are at that moment', async () => {
  const live = await startLive();
  const made = Math.floor(ago(48) / 1_000_000);
  const { points } = live.held;
  const sourceUntil = (days: number): Wire =>
    wirePoint(home, pointArn(region, 'from'), made, { CalculatedLifecycle: { DeleteAt: made + days * DAY } });
  live.held.vaults.push(wireVault(region, account, 'home'), wireVault(region, account, 'away'));

  const step = (state: string, overrides: Wire = {}): void => {
    live.held.copyJobs[0] = copyJob('J1', state, {
      SourceBackupVaultArn: home,
      SourceRecoveryPointArn: pointArn(region, 'from'),
      DestinationBackupVaultArn: away,
      DestinationRecoveryPointArn: pointArn(region, 'to'),
      DestinationRecoveryPointLifecycle: { DeleteAfterDays: -1 },
      ...overrides,
    });
  };
  const watching = watch(live, changes('expiresAt'));
  const told = (...expected: readonly (readonly [string, string | null])[]): Promise<void> =>
    until(() =>
      expect(watching.events.map(({ operation }) => [operation.state, operation.expiresAt])).toEqual(expected),
    );

  points[0] = sourceUntil(30);
  step('CREATED');
  const queued = ['QUEUED', at(made + 30 * DAY)] as const;
  await told(queued);

  points[0] = sourceUntil(90); // somebody keeps the source longer
  step('RUNNING');
  const running = ['RUNNING', at(made + 90 * DAY)] as const;
  await told(queued, running);

  points[1] = wirePoint(away, pointArn(region, 'to'), made, { CalculatedLifecycle: { DeleteAt: made + 60 * DAY } });
  step('COMPLETED', { CompletionDate: ago(0) / 1_000_000 });
  await told(queued, running, ['SUCCEEDED', at(made + 60 * DAY)]);
  expect(watching.errors).toEqual([]);
});
