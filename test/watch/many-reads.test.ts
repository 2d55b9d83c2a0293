import { expect, it } from 'vitest';
import { closing } from '../support/closing.js';
import { startGateway } from '../support/gateway.js';
import { until } from '../support/until.js';
import { pointArn, startAccount, vaultArn, wirePoint, wireVault } from '../support/vaults.js';
import { wireCopyJob } from '../support/wire.js';

const account = '111122223333';
const vaultOf = (id: string): string => vaultArn('us-west-2', account, `dr-${id}`);
const ids = Array.from({ length: 15 }, (_, index) => `J${index}`);
const now = Math.floor(Date.now() / 1000);

// `test/support/warnings.ts` throws Node's warning of many listeners.
it('one look of the watcher reads recovery points of 15 vaults at once, without a warning', async () => {
  const jobs = ids.map((id) =>
    wireCopyJob(id, {
      CreationDate: now - 7200,
      CompletionDate: now - 3600,
      ResourceArn: `arn:aws:ec2:us-east-1:${account}:instance/${id}`,
      DestinationBackupVaultArn: vaultOf(id),
      DestinationRecoveryPointArn: pointArn('us-west-2', id),
    }),
  );
  const home = await startAccount('aws-east', 'us-east-1', {
    copyJobs: jobs,
    vaults: [wireVault('us-east-1', account, 'Default')],
  });
  const copies = await startAccount('aws-west', 'us-west-2', {
    vaults: ids.map((id) => wireVault('us-west-2', account, `dr-${id}`)),
    points: ids.map((id) => wirePoint(vaultOf(id), pointArn('us-west-2', id), now - 7200)),
  });
  const upstreams = [home.upstream, copies.upstream].map((one) => ({ ...one, maxConcurrent: 20 }));
  closing(await startGateway({ upstreams, cache: {}, watch: { seconds: 0.05 } }));
  const read = () => copies.seen.filter(({ path }) => path.includes('/recovery-points/')).length;
  await until(() => expect(read()).toBe(ids.length));
});
