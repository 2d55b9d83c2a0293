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
  description: 'The progress of a planned failover.',
  values: described<FailoverState>({
    REQUESTED: 'The cluster accepted it. Its run is not scheduled yet.',
    WAITING_FOR_CANCELLATIONS: 'The cluster waits for other runs of the objects, which it asked to cancel.',
    RUNNING: 'The run backs up, replicates or is being canceled. Also if the run cannot be read now.',
    SUCCEEDED: 'The backup and its replication are done, possibly with warnings. This does not activate the objects.',
    FAILED: 'The backup or its replication failed.',
    CANCELED: 'It was canceled.',
    UNCONFIRMED:
      'It is not known whether the cluster accepted it, or how its replication ended. Nothing more is sent under this id: check the cluster.',
  }),
});

export const FailoverRef = builder.objectRef<Failover>('Failover').implement({
  description:
    'A planned failover on its source cluster: a backup with the smallest delta, and its replication. Its id ends with the workflow id, which is the idempotency key. Source: Cohesity v2 PlannedRunPollStatus.',
  interfaces: [NodeRef],
  authenticated: true, // `failover:execute` is enough; `copy:read` is not needed
  fields: (t) => ({
    upstream: upstreamField(t, 'The source cluster.'),
    state: t.field({
      type: FailoverStateRef,
      description:
        'Its progress. Once there is a run, this reads it: one call for each failover, shared with `run`, `copyRuns` and `message`.',
      resolve: async (failover, _args, context) =>
        (await loadFailoverProgress(context.aged(0).session, failover)).state,
    }),
    message: t.string({
      nullable: true,
      description:
        'Details of the state for a person: why it failed, or how much is replicated. `null` if there are none.',
      resolve: async (failover, _args, context) =>
        (await loadFailoverProgress(context.aged(0).session, failover)).message,
    }),
    runId: t.string({
      nullable: true,
      description: 'The cluster’s id of the run, `jobId:startTimeUsecs`. `null` until the run is scheduled.',
      resolve: ({ planned }) => planned?.runId,
    }),
    run: t.field({
      type: ProtectionShellRef,
      nullable: true,
      ...calls(1),
      authScopes: { 'copy:read': true },
      description: 'The run in brief. `null` until it is scheduled, and after the cluster has dropped it.',
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
      description:
        'The copies of the run, the local snapshot included. `null` until the run is scheduled, and after the cluster has dropped it.',
      args: pageArguments(t.arg),
      resolve: (failover, args, context) => {
        const run = runKeyOfFailover(failover);
        return run === null ? null : copyRunsOf(context.aged(0), { upstream: failover.upstream, run }, args);
      },
    }),
    requestedAt: t.expose('requestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was requested, by the clock of copygraph. `null` if that is not on record.',
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
    'Narrows the list of failovers. An absent member does not narrow it. Members combine with AND, the values of a list with OR.',
  fields: (t) => ({
    upstreams: t.stringList({ description: 'Only failovers of these source clusters, by `Upstream.name`.' }),
    states: t.field({
      type: [FailoverStateRef],
      description:
        'Only failovers in one of these states. Costs one call for the run of each failover that is checked.',
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
      'The failovers that may have reached a cluster, by the records of this process, Redis and the audit file. Newest `requestedAt` first, equal times by `id`. Leaves out failovers that a cluster refused. Costs one poll for each cluster and each 50 failovers of a page. A cluster that cannot be read is in the reports, and its failovers say so in `message`.',
    args: {
      filter: t.arg({ type: FailoverFilterRef, description: 'The failovers to list; all on record if absent.' }),
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
    description:
      'One failover by its id. `null` if neither the cluster nor copygraph knows it. Costs one poll of its cluster.',
    args: { id: t.arg.id({ required: true, description: idDescription }) },
    resolve: (_root, { id }, context) => loadById(context, 'id', id),
  }),
);

builder.queryField('failovers', (t) =>
  t.field({
    type: t.listRef(FailoverRef, { nullable: true }),
    ...byIds,
    description:
      'Many failovers by their ids, in the order asked. One that is unknown or cannot be read gives `null` in its place. Costs one poll for each cluster and each 50 of them.',
    args: {
      ids: t.arg.idList({ required: true, description: `${idDescription} At most as many as a page may hold.` }),
    },
    resolve: (_root, { ids }, context) => eachOf(ids, context.limits.maxPageSize, (id) => loadById(context, 'ids', id)),
  }),
);
