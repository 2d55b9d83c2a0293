import { listFailovers } from '../failover/history.js';
import { loadFailover, loadFailoverProgress, runKeyOfFailover, runOfFailover } from '../failover/status.js';
import { parseKnownId } from '../aggregate/known-id.js';
import { copyRunsOf } from './cohesity/copy-parts.js';
import type { Context } from '../assembly/context.js';
import type { Failover, FailoverState } from '../domain/failover.js';
import { builder } from './builder.js';
import { connectionRef, resolveConnection } from './connection.js';
import { byIds, calls, paged } from './cost.js';
import { described } from './described.js';
import { CopyRunConnectionRef } from './cohesity/copy-run.js';
import { NodeRef, eachOf } from './node.js';
import { forwardArguments, pageArguments } from './page-arguments.js';
import { ProtectionShellRef } from './cohesity/protection-shell.js';
import { upstreamField } from './upstream.js';

const FailoverStateRef = builder.enumType('FailoverState', {
  description: 'How far a planned failover is.',
  values: described<FailoverState>({
    REQUESTED: 'The cluster has taken it on; its run is not scheduled yet.',
    WAITING_FOR_CANCELLATIONS: 'The cluster waits for other runs of the objects, which it asked to cancel.',
    RUNNING: 'The run backs up, replicates, or is being canceled.',
    SUCCEEDED:
      'The backup and its replication are done, possibly with warnings. The objects are not activated by that.',
    FAILED: 'The backup or its replication failed.',
    CANCELED: 'It was called off.',
    UNCONFIRMED:
      'Nobody can tell whether the cluster took it on. Nothing is sent under this id any more: look at the cluster.',
  }),
});

export const FailoverRef = builder.objectRef<Failover>('Failover').implement({
  description:
    'A planned failover on its source cluster: a backup with the least delta, and its replication. Its id ends with the workflow id, which is the idempotency key. Source: Cohesity v2 PlannedRunPollStatus.',
  interfaces: [NodeRef],
  authenticated: true, // who may fail over sees it, and need not see anything else
  fields: (t) => ({
    upstream: upstreamField(t, 'The source cluster.'),
    state: t.field({
      type: FailoverStateRef,
      description:
        'How far it is. Once there is a run, that is read: one call for each, shared with `run`, `copyRuns` and `message`.',
      resolve: async (failover, _args, context) =>
        (await loadFailoverProgress(context.aged(0).session, failover)).state,
    }),
    message: t.string({
      nullable: true,
      description:
        'What the state does not say, for a person: why it failed, how much is replicated; `null` for nothing.',
      resolve: async (failover, _args, context) =>
        (await loadFailoverProgress(context.aged(0).session, failover)).message,
    }),
    runId: t.string({
      nullable: true,
      description: 'The cluster’s id of the run, `jobId:startTimeUsecs`; `null` until it is scheduled.',
      resolve: ({ planned }) => planned?.runId,
    }),
    run: t.field({
      type: ProtectionShellRef,
      nullable: true,
      ...calls(1),
      authScopes: { 'copy:read': true },
      description: 'The run, in brief; `null` until it is scheduled, and when the cluster keeps it no more.',
      resolve: async (failover, _args, context) => {
        const run = runKeyOfFailover(failover);
        return run === null ? null : (await runOfFailover(context.aged(0).session, failover.upstream, run))?.shell;
      },
    }),
    copyRuns: t.field({
      type: CopyRunConnectionRef,
      nullable: true,
      ...paged(1),
      authScopes: { 'copy:read': true },
      description: 'The run’s copies, the local snapshot included; `null` until the run is scheduled.',
      args: pageArguments(t.arg),
      resolve: (failover, args, context) => {
        const run = runKeyOfFailover(failover);
        return run === null ? null : copyRunsOf(context.aged(0), { upstream: failover.upstream, run }, args);
      },
    }),
    requestedAt: t.expose('requestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was pressed, by the clock of copygraph; `null` where that is not remembered.',
    }),
  }),
});

const idDescription = 'As `Failover.id` showed it: `Failover:<upstream>:<idempotencyKey>`.';

const loadById = (context: Context, argument: string, id: string): Promise<Failover | null> => {
  const { upstream, parts } = parseKnownId(context.session.clients, argument, id, 'Failover');
  return loadFailover(context, upstream, parts[0] ?? '');
};

const FailoverConnectionRef = connectionRef('Failover', FailoverRef, 'failovers');

const FailoverFilterRef = builder.inputType('FailoverFilter', {
  description:
    'Narrows the list of failovers; absent members do not. Members are combined with AND, the words of a list with OR.',
  fields: (t) => ({
    upstreams: t.stringList({ description: 'Only of these source clusters, by `Upstream.name`.' }),
    states: t.field({
      type: [FailoverStateRef],
      description: 'Only in one of these states. Costs one call for the run of each failover that is looked at.',
    }),
    requestedAfter: t.field({ type: 'DateTime', description: 'Requested at this time or later.' }),
  }),
});

builder.queryField('failoverHistory', (t) =>
  t.field({
    type: FailoverConnectionRef,
    nullable: true,
    ...paged(2, ['first']),
    description:
      'The failovers of the past that may have reached a cluster, newest `requestedAt` first, equal times by `id`: what this process, Redis and the audit file remember. What a cluster refused is not among them. Costs one poll for each cluster and each fifty of a page. A cluster that cannot be asked is in the reports, and its failovers say so in `message`.',
    args: {
      filter: t.arg({ type: FailoverFilterRef, description: 'Which failovers; all that are remembered if absent.' }),
      ...forwardArguments(t.arg),
    },
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, { ...args, maxAge: 0 }, (aged, asked) => listFailovers(aged, args, asked)),
  }),
);

builder.queryField('failover', (t) =>
  t.field({
    type: FailoverRef,
    nullable: true,
    ...calls(1),
    description: 'One failover by its id; `null` where nobody knows of it. Costs one poll of its cluster.',
    args: { id: t.arg.id({ required: true, description: idDescription }) },
    resolve: (_root, { id }, context) => loadById(context, 'id', id),
  }),
);

builder.queryField('failovers', (t) =>
  t.field({
    type: t.listRef(FailoverRef, { nullable: true }),
    ...byIds,
    description:
      'Many failovers by their ids, in the order asked; each that is unknown or cannot be read is `null` and costs only itself. One poll for each cluster and each fifty of them.',
    args: {
      ids: t.arg.idList({ required: true, description: `${idDescription} At most as many as a page may hold.` }),
    },
    resolve: (_root, { ids }, context) => eachOf(ids, context.limits.maxPageSize, (id) => loadById(context, 'ids', id)),
  }),
);
