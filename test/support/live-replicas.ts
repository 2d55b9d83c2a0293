import { expect } from 'vitest';
import { version } from '../../src/assembly/version.js';
import { awsBackupAt, cohesityAt } from './fake.js';
import { type Watching, ago, copyJob, looks, runWith, type startLive, stepwise, told } from './live.js';
import { until } from './until.js';

export type Live = Awaited<ReturnType<typeof startLive>>;

/** The same upstreams with credentials of another replica, so that its calls are known from the first one's. */
export const upstreamsFor = ({ cohesity, aws }: Live, name: string) => [
  { ...cohesityAt(cohesity), auth: { apiKey: name } },
  { ...awsBackupAt(aws), credentials: { accessKeyId: `AKID${name}`, secretAccessKey: 'fake-secret' } },
];

/** Calls of one replica so far; the first one has the key `key`, and `FAKE` in its place at AWS. */
export const callsOf = ({ cohesity, aws }: Live, name: string): readonly number[] => [
  cohesity.seen.filter(({ headers }) => headers['apikey'] === (name === 'east' ? 'key' : name)).length,
  aws.seen.filter(({ headers }) => headers.authorization?.includes(`=AKID${name === 'east' ? 'FAKE' : name}/`)).length,
];

/**
 * The upstreams answer nobody during the start.
 * Otherwise, the last read of one replica would do for the first poll of another.
 */
export const unanswered = async <T>(live: Live, start: () => Promise<T>): Promise<T> => {
  const gates = [stepwise(live.cohesity), stepwise(live.aws)];
  await Promise.all(gates.map(({ waiting }) => waiting()));
  const started = await start();
  gates.forEach(({ release }) => release());
  return started;
};

const startedAt = ago(1);

/** The changes at the upstreams, step by step, and the event that each causes. */
export const steps: readonly (readonly [change: (live: Live) => void, gist: string])[] = [
  [({ held }) => (held.runs[0] = runWith(startedAt, 'kAccepted')), 'STARTED >QUEUED 0'],
  [({ held }) => (held.runs[0] = runWith(startedAt, 'kRunning', 100)), 'CHANGED QUEUED>RUNNING 0.1'],
  [({ held }) => (held.copyJobs[0] = copyJob('J1', 'RUNNING')), 'STARTED >RUNNING -'],
  [({ held }) => (held.runs[0] = runWith(startedAt, 'kRunning', 500)), 'PROGRESSED RUNNING>RUNNING 0.5'],
  [({ held }) => (held.copyJobs[0] = copyJob('J1', 'FAILED')), 'FINISHED RUNNING>FAILED -'],
  [({ held }) => (held.runs[0] = runWith(startedAt, 'kSuccess', 1000)), 'FINISHED RUNNING>SUCCEEDED 1'],
  [({ held }) => held.copyJobs.push(copyJob('J2', 'COMPLETED')), 'FINISHED >SUCCEEDED -'],
];
export const gists = steps.map(([, gist]) => gist);

/** Plays steps, each when every stream has reported the one before. */
export const play = async (live: Live, from: number, to: number, ...watchings: readonly Watching[]): Promise<void> => {
  for (let step = from; step < to; step += 1) {
    steps[step]?.[0](live);
    await Promise.all(watchings.map((one) => told(one, ...gists.slice(0, step + 1))));
  }
};

/** The key that Redis has while a replica polls the cluster. */
export const leaseKey = `copygraph:lease:{live:2:${version}:dc-east copies}`;

/** Resolves when one of two polls no more, while the other does so many times. */
export const onePolls = (live: Live): Promise<void> => {
  const counts = () => ['east', 'west'].map((name) => callsOf(live, name)[0] ?? 0);
  return until(async () => {
    const before = counts();
    await looks(live.cohesity, 20);
    expect(counts().filter((count, index) => count === before[index])).toHaveLength(1);
  });
};
