import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../assembly/context.js';
import { orFailure } from '../../calling/outcome.js';
import type { RemoteCluster } from '../../domain/remote-cluster.js';
import type { Upstream } from '../../domain/upstream.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import { isCluster } from '../../upstream/cohesity/cluster.js';
import { cohesityLoaders } from '../../upstream/cohesity/loaders.js';
import { clustersAmong, ownIdOf } from '../../upstream/replicas.js';
import { reportOf } from '../../upstream/report.js';
import { builder } from '../builder.js';
import { asks, usually } from '../cost.js';
import { UpstreamRef } from '../upstream.js';

/** The upstream of a cluster by its own id. If none fits, reports the clusters whose ids could not be read: one may be it. */
const upstreamOfId = async (
  { session, tell }: Context,
  clusterId: bigint,
  info: GraphQLResolveInfo,
): Promise<Upstream | null> => {
  const names = clustersAmong(session.clients, session.clients.keys());
  const ids = await Promise.all(names.map(async (name) => ({ name, id: await orFailure(ownIdOf(session, name)) })));
  const found = ids.find(({ id }) => id === clusterId);
  if (found !== undefined) return session.clients.get(found.name)?.upstream ?? null;
  const failed = ids.flatMap(({ name, id }) =>
    id instanceof UpstreamError ? [reportOf({ upstream: name, observedAt: null, unreadable: 0, error: id })] : [],
  );
  tell(info, failed);
  return null;
};

const RemoteClusterRef = builder.objectRef<RemoteCluster>('RemoteCluster').implement({
  description: 'A cluster that another one replicates to. Source: Cohesity v1 RemoteCluster.',
  authenticated: true,
  fields: (t) => ({
    clusterId: t.expose('clusterId', { type: 'BigInt', description: 'Cohesity’s own id of that cluster.' }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'Its name on the cluster that replicates to it. `null` if not sent.',
    }),
    upstream: t.field({
      type: UpstreamRef,
      nullable: true,
      ...asks(1),
      description:
        'The upstream that is this cluster. `null` if none is that you may see. Costs one call for each cluster, once in each gateway process. If none fits, a cluster whose id cannot be read is in `errors`.',
      resolve: ({ clusterId }, _args, context, info) => upstreamOfId(context, clusterId, info),
    }),
  }),
});

builder.objectField(UpstreamRef, 'replicationClusters', (t) =>
  t.field({
    type: [RemoteClusterRef],
    nullable: true,
    ...asks(1),
    ...usually(3),
    description:
      'The clusters that it replicates to, sorted by id; `null` for AWS. Costs one call. If the read fails and older data replace it, or if some clusters are unreadable, `errors` says so.',
    resolve: async ({ name }, _args, context, info) => {
      const { session } = context.below(info);
      const client = session.clients.get(name);
      if (client === undefined || !isCluster(client)) return null;
      const read = await cohesityLoaders(session).replicationClusters.load({ upstream: name });
      const { records, unreadable, failure = null } = read;
      context.tell(info, [
        reportOf({ upstream: name, observedAt: read.observedAt, unreadable, error: null, stale: failure }),
      ]);
      const targets = records.filter(({ forReplication }) => forReplication);
      return targets.sort((one, other) => (one.clusterId < other.clusterId ? -1 : 1));
    },
  }),
);
