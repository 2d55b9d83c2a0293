import type { CopyOperation } from '../domain/copy-operation.js';
import type { Failover, FailoverProgress } from '../domain/failover.js';
import { type Micros, formatDateTime } from '../domain/micros.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import type { WatchEvent, WatchEventData } from '../domain/watch-event.js';
import { hasFailed, kindOf } from './figures.js';
import type { WatchChange } from './memory.js';

const timeOf = (at: Micros | null): string | null => (at === null ? null : formatDateTime(at));

const dataOfCopy = (copy: CopyOperation): WatchEventData => ({
  id: copy.id,
  name: copy.name,
  upstream: copy.upstream,
  state: copy.state,
  error: copy.error,
  failureCategory: copy.failureCategory,
  startedAt: timeOf(copy.startedAt),
  endedAt: timeOf(copy.endedAt),
  target: copy.target === null ? null : { kind: copy.target.kind, name: copy.target.name },
});

/** A copy that is retried and fails again has another end, so its event is a new one. */
export const failureOf = (copy: CopyOperation, at: Micros): WatchEvent => ({
  type: 'COPY_FAILED',
  upstream: copy.upstream,
  targetKind: kindOf(copy),
  key: `${copy.id} ${copy.state} ${copy.endedAt ?? ''}`,
  at,
  data: dataOfCopy(copy),
});

/** The bytes distinguish one stall of a copy from the next, equally on every replica. */
const stallOf = (copy: CopyOperation, since: Micros, at: Micros): WatchEvent => ({
  type: 'COPY_STALLED',
  upstream: copy.upstream,
  targetKind: kindOf(copy),
  key: `${copy.id} ${copy.transferredBytes ?? ''}`,
  at,
  data: {
    ...dataOfCopy(copy),
    stalledSince: formatDateTime(since),
    transferredBytes: copy.transferredBytes?.toString() ?? null,
  },
});

export const lagOf = ({ id, name, upstream, copies }: ProtectedObject, at: Micros): WatchEvent => ({
  type: 'OFFSITE_LAG',
  upstream,
  targetKind: null,
  key: `${id} ${copies?.offsiteDataAt ?? ''}`,
  at,
  data: {
    id,
    name,
    upstream,
    offsiteDataAt: timeOf(copies?.offsiteDataAt ?? null),
    offsiteLagSeconds: copies?.posture.offsiteLagSeconds ?? null,
  },
});

/** The events among the changes of copies and objects. A copy that ended well gives none. */
export const eventsOf = (changes: readonly WatchChange[], at: Micros): readonly WatchEvent[] =>
  changes.flatMap((change) => {
    switch (change.kind) {
      case 'finished':
        return hasFailed(change.copy) ? [failureOf(change.copy, at)] : [];
      case 'stalled':
        return [stallOf(change.copy, change.since, at)];
      case 'lagging':
        return [lagOf(change.object, at)];
    }
  });

/** The event of an upstream that went down or came back. */
export const turnOf = (upstream: string, isUp: boolean, at: Micros): WatchEvent => ({
  type: isUp ? 'UPSTREAM_UP' : 'UPSTREAM_DOWN',
  upstream,
  targetKind: null,
  key: `${upstream} ${isUp ? 'UP' : 'DOWN'} ${at}`,
  at,
  data: { upstream, state: isUp ? 'UP' : 'DOWN' },
});

/** The event of a failover that reached a state. */
export const stepOf = (failover: Failover, { state, message }: FailoverProgress, at: Micros): WatchEvent => ({
  type: 'FAILOVER',
  upstream: failover.upstream,
  targetKind: null,
  key: `${failover.id} ${state}`,
  at,
  data: {
    id: failover.id,
    upstream: failover.upstream,
    state,
    error: message,
    requestedAt: timeOf(failover.requestedAt),
    runId: failover.planned?.runId ?? null,
  },
});
