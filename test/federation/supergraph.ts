import { startAwsBackup } from '../support/aws-backup.js';
import { startCohesity } from '../support/cohesity.js';
import { awsBackupAt, cohesityAt } from '../support/fake.js';
import { type Answer, startGateway } from '../support/gateway.js';
import { apiKey } from '../support/keys.js';
import { cluster, wireCopyJob, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';
import { type Program, startProgram, urlOf } from './program.js';
import { startTap } from './tap.js';

/** The time an hour ago, since lists cover the last day. */
export const start = (Math.floor(Date.now() / 1000) - 3600) * 1_000_000;

/** The upstreams bear the names of the sandbox's, whose owners the example knows. */
export const ids = {
  run: `CopyRun:sandbox-cohesity:7:${start}:${cluster.clusterId}:${cluster.clusterIncarnationId}:501`,
  task: `CopySnapshotTask:sandbox-cohesity:7:${start}:${cluster.clusterId}:${cluster.clusterIncarnationId}:501:9`,
  job: 'CopyJob:sandbox-aws:J1',
  goneJob: 'CopyJob:sandbox-aws:GONE',
  deadRun: `CopyRun:dc-dead:7:${start}:1:2:3`,
  nobodys: 'CopyJob:nowhere:J1',
};

export const routers = {
  '@apollo/gateway': ['test/federation/apollo.js'],
  'Hive Gateway': ['examples/supergraph/router.js'],
  'Hive Gateway with its older planner': ['test/federation/hive.js', 'older'],
  'Hive Gateway on its guard': ['test/federation/hive.js', 'guarded'],
} as const;

export type Router = keyof typeof routers;

interface Asking {
  readonly key?: string;
  readonly variables?: object;
}

/** The example's subgraph, and each router in front of it and of copygraph; both are asked through taps. */
export const startRouters = async (url: string, names: readonly Router[] = Object.keys(routers) as Router[]) => {
  const subgraph = startProgram(['examples/supergraph/subgraph.js']);
  const copygraph = await startTap(url);
  const tickets = await startTap(await urlOf(subgraph));
  const programs = new Map<Router, Program>();
  for (const name of names) {
    const [program, ...rest] = routers[name];
    programs.set(name, startProgram([program, copygraph.url, tickets.url, ...rest]));
  }
  const urls = new Map<Router, string>();
  for (const [name, program] of programs) urls.set(name, await urlOf(program));

  const urlFor = (router: Router): string => urls.get(router) ?? '';
  return {
    copygraph,
    tickets,
    urlFor,
    ask: async (
      router: Router,
      query: string,
      { key, variables }: Asking = { key: 'reader' },
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
    ): Promise<Omit<Answer<any>, 'status'>> => {
      const response = await fetch(urlFor(router), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors = [] } = (await response.json()) as Partial<Answer<unknown>>;
      return { data, errors };
    },
    close: async (): Promise<void> => {
      await Promise.all([...programs.values(), subgraph].map((program) => program.close()));
      await Promise.all([copygraph, tickets].map((one) => one.close()));
    },
  };
};

/** copygraph over fakes, with the routers in front of it. */
export const startSupergraph = async () => {
  const seconds = start / 1_000_000;
  const times = { taskStartTimeUsecs: start, taskEndTimeUsecs: start + 1 };
  const run = wireRunOf(7, start, {
    copyRun: [
      wireCopyRun(501, { runStartTimeUsecs: start, copySnapshotTasks: [wireTask(wireSource(9), times)] }),
      wireCopyRun(502, { runStartTimeUsecs: start, status: 'kRunning' }),
    ],
  });
  const jobs = ['J1', 'J2'].map((id) =>
    wireCopyJob(id, { CreationDate: seconds, CompletionDate: seconds + 60, ResourceName: `db-${id}` }),
  );
  const cohesity = await startCohesity({
    runs: [run],
    jobs: [{ id: 7, name: 'VM Gold' }],
  });
  const aws = await startAwsBackup({ copyJobs: jobs });
  const gateway = await startGateway({
    upstreams: [
      { ...cohesityAt(cohesity), id: 'sandbox-cohesity' },
      { ...cohesityAt({ url: 'http://127.0.0.1:9' }), id: 'dc-dead' },
      { ...awsBackupAt(aws), id: 'sandbox-aws' },
    ],
    auth: { apiKeys: [apiKey('reader', ['copy:read']), apiKey('stopper', ['copy:cancel'])] },
    live: { minSeconds: 0.2, maxSeconds: 1 },
  });
  const { close, ...asked } = await startRouters(gateway.url);
  return {
    ...asked,
    cohesity,
    aws,
    /** A job that begins now: hours that are long over are not read again. */
    startJob: (id: string) => jobs.push(wireCopyJob(id, { CreationDate: Date.now() / 1000, State: 'RUNNING' })),
    close: async (): Promise<void> => {
      await close();
      await Promise.all([gateway, cohesity, aws].map((one) => one.close()));
    },
  };
};

export type Supergraph = Awaited<ReturnType<typeof startSupergraph>>;
