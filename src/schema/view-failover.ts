import { BadInputError } from '../domain/bad-input.js';
import type { ViewFailover, ViewFailoverAction, ViewFailoverState, ViewReplication } from '../domain/view-failover.js';
import { listViewFailovers } from '../failover/view-failovers.js';
import { clientsNamed } from '../upstream/clients.js';
import { builder } from './builder.js';
import { calls, usually } from './cost.js';
import { described } from './described.js';
import { NodeRef } from './node.js';
import { upstreamField } from './upstream.js';

export const ViewFailoverActionRef = builder.enumType('ViewFailoverAction', {
  description: 'One step of the failover of a view. Source: Cohesity v2 CreateViewFailoverRequest.',
  values: described<ViewFailoverAction>({
    PREPARE: 'Planned, first half: the newest data are replicated here. The source continues to serve the view.',
    FINALIZE:
      'Planned, second half: the view is served from here. At most 60 minutes after the replication of a PREPARE.',
    UNPLANNED: 'The view is served from here, with the data that are here. For a source that is lost.',
  }),
});

const ViewFailoverStateRef = builder.enumType('ViewFailoverState', {
  description: 'The progress of one step of the failover of a view.',
  values: described<ViewFailoverState>({
    RUNNING: 'The cluster works on it.',
    SUCCEEDED: 'The step is done. `message` says what is left to do.',
    FAILED: 'The step failed; `message` has the cluster’s words. The cluster may report a canceled step as failed.',
    CANCELED: 'The step was canceled. The vendor does not document this state.',
    UNCONFIRMED: 'The answer was lost and no effect is visible. No step of this view is sent until it is.',
    UNKNOWN: 'A state that this version does not know, or an accepted step that is not listed.',
  }),
});

const ViewFailoverReplicationRef = builder.objectRef<ViewReplication>('ViewFailoverReplication').implement({
  description: 'One replication within a step. Source: Cohesity v2 FailoverReplication.',
  fields: (t) => ({
    replicationId: t.exposeString('replicationId', { nullable: true, description: 'The cluster’s id of it.' }),
    targetClusterId: t.expose('targetClusterId', {
      type: 'BigInt',
      nullable: true,
      description: 'The cluster that the data go to.',
    }),
    targetClusterName: t.exposeString('targetClusterName', { nullable: true, description: 'Its name.' }),
    upstreamState: t.exposeString('upstreamState', {
      nullable: true,
      description: 'The vendor’s own state, such as `Running`, `Succeeded` or `Failed`. `null` if not sent.',
    }),
    progress: t.exposeFloat('progress', {
      nullable: true,
      description: 'The share that is moved, from 0 to 1. `null` if not sent.',
    }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'Logical bytes to move.',
    }),
    transferredBytes: t.expose('transferredBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'Logical bytes moved so far.',
    }),
    physicalTransferredBytes: t.expose('physicalTransferredBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'Bytes sent so far, after deduplication and compression.',
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began.' }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; `null` until then.',
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed, in the cluster’s words.' }),
  }),
});

export const ViewFailoverRef = builder.objectRef<ViewFailover>('ViewFailover').implement({
  description:
    'One step of the failover of a view, on the cluster that takes over. Its id is `ViewFailover:<upstream>:<viewId>:<idempotencyKey>`, or `@` and the cluster’s id of it if it was started elsewhere. Source: Cohesity v2 Failover.',
  interfaces: [NodeRef],
  authenticated: true, // `failover:execute` is enough; `copy:read` is not needed
  fields: (t) => ({
    upstream: upstreamField(t, 'The cluster that takes over.'),
    viewId: t.expose('viewId', { type: 'BigInt', description: 'That cluster’s own id of the view.' }),
    failoverId: t.string({
      nullable: true,
      description: 'The cluster’s id of the step. `null` until the cluster lists it.',
      resolve: ({ listed }) => listed?.failoverId,
    }),
    action: t.expose('action', {
      type: ViewFailoverActionRef,
      nullable: true,
      description:
        'The step that it is. `null` for a planned one that was started elsewhere: the list does not say which half.',
    }),
    state: t.expose('state', { type: ViewFailoverStateRef, description: 'Its progress.' }),
    upstreamState: t.string({
      nullable: true,
      description: 'The vendor’s own state, such as `Running`, `Succeeded` or `Failed`. `null` if not sent.',
      resolve: ({ listed }) => listed?.upstreamState,
    }),
    message: t.exposeString('message', {
      nullable: true,
      description: 'Why it failed, or what is left to do, for a person. `null` if there is nothing to add.',
    }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it began, by the cluster’s clock.',
      resolve: ({ listed }) => listed?.startedAt,
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended, by the cluster’s clock; `null` until then.',
      resolve: ({ listed }) => listed?.endedAt,
    }),
    requestedAt: t.expose('requestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was requested, by the clock of copygraph. `null` if that is not on record.',
    }),
    replications: t.field({
      type: [ViewFailoverReplicationRef],
      ...usually(2),
      description: 'Its replications; empty while the cluster lists none.',
      resolve: ({ listed }) => listed?.replications ?? [],
    }),
  }),
});

builder.queryField('viewFailovers', (t) =>
  t.field({
    type: [ViewFailoverRef],
    nullable: true,
    ...calls(1),
    ...usually(10),
    description:
      'The failovers of one view on the cluster that takes over, whoever started them. First those that the cluster does not list, then newest `startedAt` first. `null` if the cluster cannot be read. Costs one call.',
    args: {
      upstream: t.arg.string({ required: true, description: 'The cluster that takes over, by `Upstream.name`.' }),
      viewId: t.arg({ type: 'BigInt', required: true, description: 'That cluster’s own id of the view.' }),
    },
    resolve: (_root, { upstream, viewId }, context) => {
      const aged = context.aged(0);
      const [client] = clientsNamed(aged.session.clients, [upstream], 'upstream');
      if (client?.viewFailover === undefined)
        throw new BadInputError('upstream', `upstream names ${upstream}, which takes no views over.`);
      return listViewFailovers(aged, { upstream, viewId, ability: client.viewFailover });
    },
  }),
);
