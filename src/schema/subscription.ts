import { standardTypes } from '../aggregate/copy-operations.js';
import { watchCopies, watchFailover } from '../live/live.js';
import { parseKnownId } from '../aggregate/known-id.js';
import type { Context } from '../assembly/context.js';
import type { CopyChange, CopyChangeKind } from '../domain/copy-change.js';
import { ActivityStateRef } from './activity.js';
import { builder } from './builder.js';
import { beginning, calls, usually } from './cost.js';
import { described } from './described.js';
import { CopyOperationFilterRef, CopyOperationRef } from './copy-operation.js';
import { FailoverRef } from './failover.js';
import { UpstreamReportRef } from './upstream-report.js';

const CopyChangeKindRef = builder.enumType('CopyChangeKind', {
  description: 'The kind of a change of a copy.',
  values: described<CopyChangeKind>({
    SNAPSHOT: 'The copy was unfinished when the stream began.',
    STARTED: 'The copy is new and unfinished.',
    PROGRESSED: 'The number of copied bytes changed, or of bytes to copy.',
    FINISHED: 'The copy ended, well or not. A new copy that started and ended between two polls has this too.',
    CHANGED:
      'Another fact of the copy changed: its state, end, error, expiry, legal hold, or whether its snapshot exists. Without an operation: an upstream failed or recovered.',
  }),
});

const CopyOperationChangeRef = builder.objectRef<CopyChange>('CopyOperationChange').implement({
  description: 'One event of a stream of copies: a copy that changed, or a change of the reports.',
  fields: (t) => ({
    change: t.expose('change', { type: CopyChangeKindRef, description: 'The kind of change.' }),
    previousState: t.expose('previousState', {
      type: ActivityStateRef,
      nullable: true,
      description: 'The state of the copy before. `null` if it was not known before.',
    }),
    operation: t.expose('operation', {
      type: CopyOperationRef,
      nullable: true,
      description: 'The copy as it is now. `null` if only the reports changed.',
    }),
    upstreamReports: t.expose('upstreamReports', {
      type: [UpstreamReportRef],
      ...usually(2),
      description: 'The state of each upstream of this stream at its last poll.',
    }),
  }),
});

/** The same events. When they end, the operation's deadline is released. */
const ending = <T>(context: Context, events: AsyncGenerator<T, void, void>): AsyncIterableIterator<T, void, void> => {
  const whole: AsyncIterableIterator<T, void, void> = {
    next: async () => {
      const event = await events.next();
      if (event.done === true) context.end();
      return event;
    },
    return: () => {
      context.end();
      return events.return();
    },
    [Symbol.asyncIterator]: () => whole,
  };
  return whole;
};

/** A stream outlives the budget of one operation, so each event that is answered gets a new one. */
const renewed = <T>(context: Context, event: T): T => {
  context.renew(context);
  return event;
};

/** The number of unfinished copies that a query's cost assumes when a stream begins. Each is an event. */
const UNFINISHED = 200;

builder.subscriptionType({
  authScopes: { 'copy:read': true },
  description: 'Live changes, from upstreams that can only be polled. One poller serves all subscribers.',
});

builder.subscriptionField('copyOperationChanged', (t) =>
  t.field({
    type: CopyOperationChangeRef,
    ...calls(2),
    ...beginning(UNFINISHED),
    description:
      'First every unfinished copy that passes the filter, then each change once: a new copy, or a change of state, progress, bytes or end. A copy that leaves the filter is sent one last time. Filters that depend on the time, such as `longerThanSeconds` and `dataLocked`, are checked only when the copy changes. A slow reader gets the newest version of each copy and not every change. Costs one read of each upstream every few seconds (`live` in the config), however many subscribe. The query’s cost assumes 200 events, because each unfinished copy is one.',
    args: {
      filter: t.arg({
        type: CopyOperationFilterRef,
        description: `The copies to watch; all ${standardTypes().join(' and ')} if absent. Times limit which changes you receive. They do not limit how far back the gateway reads.`,
      }),
    },
    subscribe: (_root, { filter }, context) => ending(context, watchCopies(context, filter)),
    resolve: (change, _args, context) => renewed(context, change),
  }),
);

builder.subscriptionField('failoverProgress', (t) =>
  t.field({
    type: FailoverRef,
    ...calls(1),
    description:
      'One failover as it is, then each change of its state, message or run. The stream completes when the failover has SUCCEEDED, FAILED or was CANCELED. Costs one poll for all failovers of a cluster that are watched.',
    args: { id: t.arg.id({ required: true, description: 'As `Failover.id` showed it.' }) },
    subscribe: (_root, { id }, context) =>
      ending(context, watchFailover(context, parseKnownId(context.session.clients, 'id', id, 'Failover'))),
    resolve: (failover, _args, context) => renewed(context, failover),
  }),
);
