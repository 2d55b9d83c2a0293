import { afterEach, expect, it } from 'vitest';
import { type Fake, awsBackupAt, cohesityAt, startFakeAwsBackup, startFakeCohesity } from './support/fake.js';
import { type Gateway, startGateway } from './support/gateway.js';

const open: (Fake | Gateway)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

it('answers for both vendors in one query, with one call to each', async () => {
  const start = Date.now() * 1000 - 3_600_000_000;
  const cohesity = await startFakeCohesity({
    runs: [
      {
        jobId: 7,
        jobName: 'VM Gold',
        backupRun: { stats: { startTimeUsecs: start } },
        copyRun: [{ status: 'kSuccess' }],
      },
    ],
  });
  const aws = await startFakeAwsBackup([
    { CopyJobId: 'J1', State: 'RUNNING', CreationDate: Date.now() / 1000 - 60 } as never,
  ]);
  open.push(cohesity, aws);
  const gateway = await startGateway({ upstreams: [cohesityAt(cohesity), awsBackupAt(aws)] });
  open.push(gateway);
  const { data, errors } = await gateway.execute('{ copyRuns { nodes { id state } } copyJobs { nodes { id state } } }');
  expect(errors).toEqual([]);
  expect(data.copyRuns.nodes).toEqual([{ id: `CopyRun:dc-east:7:${start}:kUnknown.0`, state: 'SUCCEEDED' }]);
  expect(data.copyJobs.nodes).toEqual([{ id: 'CopyJob:aws-prod:J1', state: 'RUNNING' }]);
  expect([cohesity.seen.length, aws.seen.length]).toEqual([1, 1]);
});
