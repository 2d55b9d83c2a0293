import { type AnyCopy, isGiven, matchesCopy } from '../domain/copy-filter.js';
import { BadInputError } from '../domain/bad-input.js';
import type { CopyChange } from '../domain/copy-change.js';
import type { Failover } from '../domain/failover.js';
import type { ParsedId } from '../domain/global-id.js';
import { type Clients, clientsNamed, isAwsBackup } from './clients.js';
import type { CopyOperationFilter, CopyOperationType } from './copy-operations.js';
import type { FailoverFeed, SeenFailover } from './failover-feed.js';
import type { Feed } from './live-feed.js';
import type { LiveHub } from './live-hub.js';
import { type Pending, createPending, endable, streamChanges } from './live-stream.js';
import { checkIds } from './sources.js';

/** What a stream needs of its request. */
export interface LiveContext {
  readonly clients: Clients;
  readonly live: LiveHub;
}

const typeOf: Readonly<Record<AnyCopy['__typename'], CopyOperationType>> = {
  CopyRun: 'COPY_RUN',
  CopySnapshotTask: 'COPY_SNAPSHOT_TASK',
  CopyJob: 'COPY_JOB',
};

/** The feeds that anything of the filter can come from. */
const feedsOf = ({ clients, live }: LiveContext, filter: CopyOperationFilter): readonly Feed[] => {
  const types = filter.types ?? ['COPY_RUN', 'COPY_JOB'];
  const runs = types.includes('COPY_RUN') || types.includes('COPY_SNAPSHOT_TASK');
  const kind = types.includes('COPY_SNAPSHOT_TASK') || isGiven(filter.objectName) ? 'tasks' : 'copies';
  return clientsNamed(clients, filter.upstreams, 'filter.upstreams')
    .filter((client) => (isAwsBackup(client) ? types.includes('COPY_JOB') : runs))
    .flatMap((client) =>
      isAwsBackup(client)
        ? accountsOf(filter).map((account) => live.feed(client.upstream.name, 'jobs', account))
        : [live.feed(client.upstream.name, kind)],
    );
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
  return streamChanges(
    feedsOf(context, filter),
    (copy) => types.includes(typeOf[copy.__typename]) && matchesCopy(filter, copy),
  );
};

const isOver = ({ progress: { state } }: SeenFailover): boolean =>
  state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELED';

/** `failoverProgress`: the failover as it is, then each change, until it is over. */
export const watchFailover = (
  { live }: LiveContext,
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
