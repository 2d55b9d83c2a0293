import { type CopyOperationFilter, checkFilter, typenamesOf, wantOf } from '../aggregate/copy-operations.js';
import { BadInputError } from '../domain/bad-input.js';
import type { CopyChange } from '../domain/copy-change.js';
import { isOfJob, matchesCopy } from '../domain/copy-filter.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { Failover } from '../domain/failover.js';
import type { ParsedId } from '../domain/global-id.js';
import { streamReasons } from '../domain/look-back.js';
import type { Micros } from '../domain/micros.js';
import type { FailoverFeed, SeenFailover } from '../failover/feed.js';
import { clock } from '../calling/clock.js';
import { clientsNamed } from '../upstream/clients.js';
import type { Session, UpstreamClient } from '../upstream/product.js';
import { createReplicaRule } from '../upstream/replicas.js';
import { withReasons } from '../upstream/report.js';
import type { Feed } from './feed.js';
import type { LiveHub } from './hub.js';
import { type Pending, createPending, endable } from './pending.js';
import { streamChanges } from './stream.js';

/** The parts of a request that a stream needs. */
interface LiveContext {
  readonly session: Session;
  readonly live: LiveHub;
  readonly now: Micros;
  readonly limits: { readonly lookBackHours: number };
}

interface NamedFeed {
  readonly client: UpstreamClient;
  readonly feed: Feed;
}

/** The feeds that can have copies that pass the filter. */
const feedsOf = ({ session, live }: LiveContext, filter: CopyOperationFilter): readonly NamedFeed[] =>
  clientsNamed(session.clients, filter.upstreams, 'filter.upstreams').flatMap((client) =>
    client.live(wantOf(filter, false)).map((read) => ({ client, feed: live.feed(client, read) })),
  );

/**
 * The replica rule of a stream. It is the rule of lists; an owner counts as answering while its feed is up. The stream
 * applies it to each event, and to all unfinished copies when a feed goes down or comes back. A replica's copy appears
 * when its owner goes down, and leaves the stream with its first change after the owner is back.
 */
const replicasIn = ({ session }: LiveContext, filter: CopyOperationFilter, feeds: readonly NamedFeed[]) => {
  const clusters = new Map(
    feeds.flatMap(({ client, feed }) =>
      client.ownId === undefined ? [] : [[client.upstream.name, { client, feed }] as const],
    ),
  );
  const replicas = createReplicaRule(session, {
    mode: filter.replicas,
    clusters: [...clusters.keys()],
    asksFor: (owner, { id }) => isOfJob(filter, { upstream: owner, jobId: id }),
  });
  const isUp = (owner: string): boolean => {
    const report = clusters.get(owner)?.feed.report();
    return report?.ok === true && !report.stale;
  };
  const lets = (copy: CopyOperation): boolean => {
    const owner = replicas.toldBy(copy);
    return replicas.passes(copy) && (owner === null || !isUp(owner));
  };
  const together = replicas.matters ? [...clusters.values()].map(({ feed }) => feed) : [];
  return { lets, reported: replicas.reported, start: { ready: replicas.ready, together: new Set(together) } };
};

/** `copyOperationChanged`: the pollers are shared, the filter is applied here. */
export const watchCopies = (
  context: LiveContext,
  given: CopyOperationFilter | null | undefined,
): AsyncGenerator<CopyChange, void, void> => {
  const filter = given ?? {};
  checkFilter(context.session.clients, filter);
  const typenames = typenamesOf(wantOf(filter, false));
  const feeds = feedsOf(context, filter);
  const { lets, reported, start } = replicasIn(context, filter, feeds);
  return streamChanges(
    feeds.map(({ feed }) => feed),
    (copy) => typenames.has(copy.__typename) && matchesCopy(filter, copy, clock()) && lets(copy),
    start,
    (report) => withReasons(reported(report), streamReasons(filter, context.now, context.limits.lookBackHours)),
  );
};

const isOver = ({ progress: { state } }: SeenFailover): boolean =>
  state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELED';

/** `failoverProgress`: first the failover as it is, then each change, until it is over. */
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
  const { leave } = feed.watch(failoverId, (seen) => pending.put('', seen), pending.close);
  try {
    for (;;) {
      const next = await pending.take();
      if (next === undefined) return;
      if (next === null)
        throw new BadInputError('id', 'id names a failover that is not known to the gateway or the cluster.');
      yield { ...next.failover, progress: next.progress };
      if (isOver(next)) return;
    }
  } finally {
    pending.close();
    leave();
  }
};
