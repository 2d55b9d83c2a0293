import type { Config, UpstreamInput } from '../../src/assembly/config.js';
import { answerAwsBackup } from '../support/aws-backup.js';
import { answerCohesity } from '../support/cohesity.js';
import { type Fake, type Reply, type Seen, startFake } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { type Behaviour, type Vendor, secrets } from './faults.js';

export const runStart = (Math.floor(Date.now() / 1000) - 3600) * 1_000_000;
export const runId = `CopyRun:dc-east:7:${runStart}:1:2:3`;
export const jobId = 'CopyJob:aws-prod:J1';

export const goodRun = {
  jobId: 7,
  jobName: 'VM Gold',
  backupRun: { jobRunId: 70, stats: { startTimeUsecs: runStart } },
  copyRun: [{ taskUid: { clusterId: 1, clusterIncarnationId: 2, id: 3 }, status: 'kSuccess', copySnapshotTasks: [] }],
};
export const goodJob = { CopyJobId: 'J1', State: 'RUNNING', CreationDate: Date.now() / 1000 - 60 };

/** Either vendor as it answers on a good day. */
const good: Readonly<Record<Vendor, (request: Seen) => Reply>> = {
  cohesity: answerCohesity({ runs: [goodRun] }),
  'aws-backup': answerAwsBackup({ copyJobs: [goodJob] }),
};

type Common = Pick<UpstreamInput, 'timeoutMs' | 'maxConcurrent'>;

export const configs: Readonly<Record<Vendor, (url: string, common: Common) => UpstreamInput>> = {
  cohesity: (url, common) => ({ id: 'dc-east', kind: 'cohesity', url, auth: { apiKey: secrets.apiKey }, ...common }),
  'aws-backup': (url, common) => ({
    id: 'aws-prod',
    kind: 'aws-backup',
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId: 'AKIDFAKE', secretAccessKey: secrets.secretAccessKey },
    ...common,
  }),
};

/** The upstream, list and record asked of each vendor, and the name of the other upstream. */
export const vendors = {
  cohesity: { id: 'dc-east', other: 'aws-prod', list: 'copyRuns', own: [runId], others: [jobId] },
  'aws-backup': { id: 'aws-prod', other: 'dc-east', list: 'copyJobs', own: [jobId], others: [runId] },
} as const;

export const single: Readonly<Record<Vendor, string>> = {
  cohesity: `{ node(id: "${runId}") { id } copyRun(id: "${runId}") { id } }`,
  'aws-backup': `{ node(id: "${jobId}") { id } copyJob(copyJobId: "J1") { id } }`,
};

export interface Outage {
  readonly gateway: Gateway;
  readonly broken: Fake;
  readonly sound: Fake;
}

export interface OutageOptions extends Common {
  readonly limits?: Partial<Config['limits']>;
}

/** The gateway over one vendor that behaves so and another one that is well. A good day's answer is at hand for both. */
export const startOutage = async (
  vendor: Vendor,
  behaviour: Behaviour,
  { limits = {}, ...common }: OutageOptions = {},
): Promise<Outage> => {
  const otherVendor = vendor === 'cohesity' ? 'aws-backup' : 'cohesity';
  const broken = closing(await startFake((request, raw) => behaviour(request, raw, () => good[vendor](request))));
  const sound = closing(await startFake(good[otherVendor]));
  const upstreams = [configs[vendor](broken.url, common), configs[otherVendor](sound.url, {})];
  const gateway = closing(await startGateway({ upstreams, limits }));
  return { gateway, broken, sound };
};

/** Nothing of an upstream's own, of ours that is secret, or of the code is in what a caller or a log sees. */
export const leaks = (text: string, { broken }: Pick<Outage, 'broken'>): readonly string[] =>
  [new URL(broken.url).host, ...Object.values(secrets), 'irisservices', 'node_modules', '.ts:', '.js:'].filter((part) =>
    text.includes(part),
  );
