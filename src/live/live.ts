import { type AnyCopy, isGiven, isOfJob, matchesCopy } from '../domain/copy-filter.js';
import { BadInputError } from '../domain/bad-input.js';
import type { CopyChange } from '../domain/copy-change.js';
import type { Failover } from '../domain/failover.js';
import { streamReasons } from '../domain/look-back.js';
import type { Micros } from '../domain/micros.js';
import type { ParsedId } from '../domain/global-id.js';
import { type Clients, type UpstreamClient, clientsNamed, isAwsBackup, isCohesity } from '../aggregate/clients.js';
import type { CopyOperationFilter, CopyOperationType } from '../aggregate/copy-operations.js';
import type { FailoverFeed, SeenFailover } from '../failover/feed.js';
import type { Feed } from './feed.js';
import type { LiveHub } from './hub.js';
import { type Pending, createPending, endable } from './pending.js';
import { streamChanges } from './stream.js';
import type { Loaders } from '../aggregate/loaders.js';
import { createReplicaRule } from '../aggregate/replicas.js';
import { withReasons } from '../aggregate/report.js';
import { checkIds } from '../aggregate/sources.js';

/** What a stream needs of its request. */
export interface LiveContext {
  readonly clients: Clients;
  readonly live: LiveHub;
  readonly loaders: Pick<Loaders, 'ownId'>;
  readonly now: Micros;
  readonly limits: { readonly lookBackHours: number };
}

const typeOf: Readonly<Record<AnyCopy['__typename'], CopyOperationType>> = {
  CopyRun: 'COPY_RUN',
  CopySnapshotTask: 'COPY_SNAPSHOT_TASK',
  CopyJob: 'COPY_JOB',
};

interface NamedFeed {
  readonly client: UpstreamClient;
  readonly feed: Feed;
}

/** The feeds that anything of the filter can come from. */
const feedsOf = ({ clients, live }: LiveContext, filter: CopyOperationFilter): readonly NamedFeed[] => {
  const types = filter.types ?? ['COPY_RUN', 'COPY_JOB'];
  const runs = types.includes('COPY_RUN') || types.includes('COPY_SNAPSHOT_TASK');
  const kind = types.includes('COPY_SNAPSHOT_TASK') || isGiven(filter.objectName) ? 'tasks' : 'copies';
  return clientsNamed(clients, filter.upstreams, 'filter.upstreams')
    .filter((client) => (isAwsBackup(client) ? types.includes('COPY_JOB') : runs))
    .flatMap((client): readonly NamedFeed[] =>
      isAwsBackup(client)
        ? accountsOf(filter).map((account) => ({ client, feed: live.feed(client.upstream.name, 'jobs', account) }))
        : [{ client, feed: live.feed(client.upstream.name, kind) }],
    );
};

/**
 * What a stream makes of replicas: the rule of lists, where the owner has answered while its feed is up. It is asked
 * about each event, so a replica's copy is told while its owner is down and leaves the stream with its next change.
 */
const replicasIn = ({ loaders }: LiveContext, filter: CopyOperationFilter, feeds: readonly NamedFeed[]) => {
  const clusters = new Map(
    feeds.flatMap(({ client, feed }) =>
      isCohesity(client) ? [[client.upstream.name, { client, feed }] as const] : [],
    ),
  );
  const replicas = createReplicaRule(loaders, {
    mode: filter.replicas,
    clusters: [...clusters.keys()],
    asksFor: (owner, { id }) => isOfJob(filter, { upstream: owner, jobId: id }),
  });
  const isUp = (owner: string): boolean => {
    const report = clusters.get(owner)?.feed.report();
    return report?.ok === true && !report.stale;
  };
  const lets = (copy: AnyCopy): boolean => {
    const owner = replicas.toldBy(copy);
    return replicas.passes(copy) && (owner === null || !isUp(owner));
  };
  const together = replicas.matters ? [...clusters.values()].map(({ feed }) => feed) : [];
  return { lets, reported: replicas.reported, start: { ready: replicas.ready, together: new Set(together) } };
};

const MOST_ACCOUNTS = 20; // each is polled by itself

/** The accounts whose jobs are watched; `undefined` stands for what AWS lists without one. */
const accountsOf = ({ accountIds }: CopyOperationFilter): readonly (string | undefined)[] => {
  if (!isGiven(accountIds)) return [undefined];
  const accounts = [...new Set(accountIds)];
  if (accounts.length <= MOST_ACCOUNTS) return accounts;
  throw new BadInputError(
    'filter.accountIds',
    `filter.accountIds of a subscription takes at most ${MOST_ACCOUNTS} accounts; these are ${accounts.length}.`,
  );
};

/** `copyOperationChanged`: the pollers are everyone's, the filter is applied here. */
export const watchCopies = (
  context: LiveContext,
  given: CopyOperationFilter | null | undefined,
): AsyncGenerator<CopyChange, void, void> => {
  const filter = given ?? {};
  checkIds(context.clients, filter);
  const types = filter.types ?? ['COPY_RUN', 'COPY_JOB'];
  const feeds = feedsOf(context, filter);
  const { lets, reported, start } = replicasIn(context, filter, feeds);
  return streamChanges(
    feeds.map(({ feed }) => feed),
    (copy) => types.includes(typeOf[copy.__typename]) && matchesCopy(filter, copy) && lets(copy),
    start,
    (report) => withReasons(reported(report), streamReasons(filter, context.now, context.limits.lookBackHours)),
  );
};

const isOver = ({ progress: { state } }: SeenFailover): boolean =>
  state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELED';

/** `failoverProgress`: the failover as it is, then each change, until it is over. */
export const watchFailover = (
  { live }: Pick<LiveContext, 'live'>,
  { upstream, parts }: ParsedId,
): AsyncGenerator<Failover, void, void> => {
  const pending = createPending<SeenFailover | null>((_first, second) => second);
  return endable(progressIn(live.failovers(upstream), parts[0] ?? '', pending), pending.close);
};

const progressIn = async function* (
  feed: FailoverFeed,
  failoverId: string,
  pending: Pending<SeenFailover | null>,
): AsyncGenerator<Failover, void, void> {
  const { leave } = feed.watch(failoverId, (seen) => pending.put('', seen));
  try {
    for (;;) {
      const next = await pending.take();
      if (next === undefined) return;
      if (next === null) throw new BadInputError('id', 'id names a failover that nobody knows of.');
      yield { ...next.failover, progress: next.progress };
      if (isOver(next)) return;
    }
  } finally {
    pending.close();
    leave();
  }
};
