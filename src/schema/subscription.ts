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
  description: 'What happened to a copy.',
  values: described<CopyChangeKind>({
    SNAPSHOT: 'It was unfinished when the stream began.',
    STARTED: 'It is new, and unfinished.',
    PROGRESSED: 'More bytes were copied, or are to be.',
    FINISHED: 'It is over, whether well or not; also a new one that came and went between two looks.',
    CHANGED:
      'Its state changed, or its end, error or expiry. Without an operation: an upstream went down or came back.',
  }),
});

const CopyOperationChangeRef = builder.objectRef<CopyChange>('CopyOperationChange').implement({
  description: 'One event of a stream of copies.',
  fields: (t) => ({
    change: t.expose('change', { type: CopyChangeKindRef, description: 'What happened.' }),
    previousState: t.expose('previousState', {
      type: ActivityStateRef,
      nullable: true,
      description: 'The state it was seen in before; `null` where it was not.',
    }),
    operation: t.expose('operation', {
      type: CopyOperationRef,
      nullable: true,
      description: 'The copy as it is now; `null` where only the reports changed.',
    }),
    upstreamReports: t.expose('upstreamReports', {
      type: [UpstreamReportRef],
      ...usually(2),
      description: 'How the upstreams of this stream were at their last look.',
    }),
  }),
});

/** In its end it lets go of the operation's deadline. */
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

/** A stream outlives what one operation may cost, so each event that is answered begins anew. */
const anew = <T>(context: Context, event: T): T => {
  context.renew(context);
  return event;
};

/** So many copies are taken to be unfinished when a stream begins, each of which is an event. */
const UNFINISHED = 200;

builder.subscriptionType({
  authScopes: { 'copy:read': true },
  description: 'What moves by itself, over upstreams that can only be polled: one poller for all who watch.',
});

builder.subscriptionField('copyOperationChanged', (t) =>
  t.field({
    type: CopyOperationChangeRef,
    ...calls(2),
    ...beginning(UNFINISHED),
    description:
      'First every unfinished copy that the filter lets through, then each change, once: a new one, and a change of state, progress, bytes or end. One that leaves the filter is told once more; what a filter says of the time that has gone by, as `longerThanSeconds` and `dataLocked` do, is looked at when the copy changes. A slow reader gets the newest of each copy and not every step. Costs one read of each upstream every few seconds (`live` in the config), however many subscribe. Its cost is taken for 200 events, since each unfinished copy is one.',
    args: {
      filter: t.arg({
        type: CopyOperationFilterRef,
        description: `Which copies; all ${standardTypes().join(' and ')} if absent. A time bounds what is told, not how far is read.`,
      }),
    },
    subscribe: (_root, { filter }, context) => ending(context, watchCopies(context, filter)),
    resolve: (change, _args, context) => anew(context, change),
  }),
);

builder.subscriptionField('failoverProgress', (t) =>
  t.field({
    type: FailoverRef,
    ...calls(1),
    description:
      'One failover as it is, then each change of its state, message or run, until it has SUCCEEDED, FAILED or was CANCELED; then the stream completes. One poll for all failovers of a cluster that are watched.',
    args: { id: t.arg.id({ required: true, description: 'As `Failover.id` showed it.' }) },
    subscribe: (_root, { id }, context) =>
      ending(context, watchFailover(context, parseKnownId(context.session.clients, 'id', id, 'Failover'))),
    resolve: (failover, _args, context) => anew(context, failover),
  }),
);
