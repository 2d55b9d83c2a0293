import { startCohesity } from '../support/cohesity.js';
import { cohesityAt } from '../support/fake.js';
import { type GatewayOptions, startGateway } from '../support/gateway.js';
import { copy, local, run } from '../support/pair.js';
import { closing } from '../support/products.js';
import { wireSource } from '../support/wire.js';

/** Two clusters that count alike: job 7, run 1, task 1 and source 11 are something else on each. */
const startCluster = async (clusterId: number, name: string) => {
  const jobUid = { clusterId, clusterIncarnationId: 1, id: 7 };
  return closing(
    await startCohesity({
      cluster: { id: clusterId, name },
      jobs: [{ id: 7, uid: jobUid, name: `job of ${name}`, sourceIds: [11] }],
      sources: [wireSource(11, { name: `vm of ${name}` })],
      runs: [run(7, `job of ${name}`, jobUid, [copy(1, 1, local, 11, `vm of ${name}`)])],
    }),
  );
};

export const startTwins = async (options: Partial<GatewayOptions> = {}) => {
  const [east, west] = [await startCluster(1, 'dc-east'), await startCluster(2, 'dc-west')];
  const upstreams = [cohesityAt(east), { ...cohesityAt(west), id: 'dc-west' }];
  return { east, west, ...closing(await startGateway({ upstreams, ...options })) };
};

export const twinNames = ['dc-east', 'dc-west'] as const;

/** The query of a board. It asks for everything that has an id, and for things that have only an id of the vendor. */
export const boardQuery = `query Board {
  copyRuns(first: 10) {
    nodes {
      __typename id name
      upstream { __typename id name }
      taskUid { __typename localId clusterId }
      target { __typename id kind name }
      protectionJob { __typename id jobId name uid { __typename localId clusterId } sources { __typename id sourceId name } }
      copySnapshotTasks(first: 5) { nodes { __typename id name source { __typename id sourceId name } } }
    }
  }
}`;

/** The values that a cache must give for each cluster after that query, by the name of the cluster. */
export const boardOf = (nodes: readonly unknown[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (
      nodes as {
        name: string;
        upstream: { name: string };
        protectionJob: {
          name: string;
          jobId: string;
          uid: { localId: string; clusterId: string };
          sources: { name: string }[];
        };
        copySnapshotTasks: { nodes: { name: string; source: { name: string; sourceId: string } }[] };
      }[]
    ).map(({ name, upstream, protectionJob, copySnapshotTasks }) => [
      upstream.name,
      [
        name,
        protectionJob.name,
        protectionJob.jobId,
        protectionJob.uid.localId,
        protectionJob.uid.clusterId,
        protectionJob.sources.map((source) => source.name),
        copySnapshotTasks.nodes.map((task) => [task.name, task.source.name, task.source.sourceId]),
      ],
    ]),
  );

const expected = (name: string, clusterId: string) => [
  `job of ${name}`,
  `job of ${name}`,
  '7',
  '7',
  clusterId,
  [`vm of ${name}`],
  [[`vm of ${name}`, `vm of ${name}`, '11']],
];

export const bothBoards = { 'dc-east': expected('dc-east', '1'), 'dc-west': expected('dc-west', '2') };
