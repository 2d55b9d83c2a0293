import { Agent } from 'undici';
import type { z } from 'zod';
import { encodeId } from '../../domain/global-id.js';
import type { Upstream } from '../../domain/upstream.js';
import { createConnector } from '../../calling/connector.js';
import { createPolicy } from '../../calling/policy.js';
import type { Product, Tools } from '../product.js';
import { cacheCohesity } from './cache.js';
import { createCohesityClient } from './client.js';
import { kind } from './cluster.js';
import { createClusterClient } from './cluster-client.js';
import { checkJobIds } from './copies.js';
import { createRunIndexes } from './run-index.js';
import { cohesitySection } from './section.js';
import { copyShape } from './shapes.js';

type Section = z.output<typeof cohesitySection>;

const nodeOf = ({ id, sandbox }: Section): Upstream => ({
  __typename: 'Upstream',
  id: encodeId('Upstream', id),
  name: id,
  kind,
  sandbox,
  region: null,
});

const dispatcherOf = (
  { maxConcurrent, timeoutMs, tls }: Section,
  { maxUpstreamBytes, readCertificates, proxyFor }: Tools<Section>,
) =>
  new Agent({
    connections: maxConcurrent,
    maxResponseSize: maxUpstreamBytes,
    // Our own deadline covers the whole attempt; undici's would only sometimes come first.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: createConnector({
      proxyFor,
      timeoutMs,
      ca: tls?.caFile === undefined ? undefined : readCertificates('tls.caFile', tls.caFile),
      serverName: tls?.serverName,
    }),
  });

/** A Cohesity cluster, reached directly or through Helios. */
export const cohesity: Product<Section> = {
  kind,
  configKind: 'cohesity',
  description: 'A Cohesity cluster, reached directly or through Helios.',
  section: cohesitySection,
  starter: `id: dc-east # part of every id in the graph, so it must not change
kind: cohesity
url: https://cluster.example.com
auth: { apiKey: '\${COHESITY_API_KEY}' }
# tls: { caFile: /etc/ssl/cluster.pem }`,
  copyTypes: [
    {
      word: 'COPY_RUN',
      typename: 'CopyRun',
      standard: true,
      ofMany: true,
      description: 'Cohesity copies of a run to one target, as `CopyRun`.',
    },
    {
      word: 'COPY_SNAPSHOT_TASK',
      typename: 'CopySnapshotTask',
      standard: false,
      description:
        'Cohesity copies of single objects, as `CopySnapshotTask`. They are the parts of copy runs, so ask for one kind or the other.',
    },
  ],
  secretFiles: [
    ['auth', 'apiKey'],
    ['auth', 'password'],
  ],
  system: ({ url, accessClusterId = 'none' }) => ({ url, accessClusterId }),
  secretNames: ['apiKey', 'password', 'accessToken'],
  copyShape,
  checkFilter: checkJobIds,
  connect: (section, tools) => {
    const { id, timeoutMs, maxConcurrent, accessClusterId } = section;
    const { now, observer, onFailure, cache, index } = tools;
    const policy = createPolicy({ upstream: id, timeoutMs, maxConcurrent, now, observer, onFailure });
    const dispatcher = dispatcherOf(section, tools);
    const direct = createCohesityClient({
      ...section,
      authAgain: () => tools.readAgain()?.auth ?? null,
      upstream: id,
      dispatcher,
      policy,
      now,
    });
    const runs = createRunIndexes({ context: cache, ...index });
    const cached = cacheCohesity(direct, cache, runs, accessClusterId === undefined ? null : BigInt(accessClusterId));
    return {
      client: createClusterClient({ ...cached, upstream: nodeOf(section), health: policy.health }, section),
      load: policy.load,
      sinceLastCallMs: policy.sinceLastCallMs,
      reach: async () => {
        const { clusterName, version } = await direct.getCluster({});
        return `cluster ${clusterName ?? 'without a name'}, version ${version ?? 'unknown'}`;
      },
      rest: runs.background.close,
      close: () => {
        runs.close();
        return dispatcher.destroy();
      },
    };
  },
};
