import { parseKnownId } from '../../aggregate/known-id.js';
import { listProtectionJobs } from './protection-job-list.js';
import type { ProtectionJob } from '../../domain/protection-job.js';
import { cohesityLoaders } from '../../upstream/cohesity/loaders.js';
import { builder } from '../builder.js';
import { calls, paged, usually } from '../cost.js';
import { connectionRef, resolveConnection } from '../connection.js';
import { NodeRef } from '../node.js';
import { agedBy, listArguments, maxAgeArgument } from '../max-age.js';
import { ProtectionSourceRef } from './protection-source.js';
import { replicaField, replicaFilter } from '../replica.js';
import { UniversalIdRef } from './universal-id.js';
import { upstreamField } from '../upstream.js';

export const ProtectionJobRef = builder.objectRef<ProtectionJob>('ProtectionJob').implement({
  description:
    'A Cohesity protection job, called protection group in newer releases: the objects that are backed up together, and how they are copied. Source: Cohesity v1 ProtectionJob.',
  interfaces: [NodeRef],
  requiresScopes: [['copy:read']], // also if another subgraph refers to it
  fields: (t) => ({
    jobId: t.expose('jobId', {
      type: 'BigInt',
      description: 'Cohesity’s id of the job, valid on this cluster only.',
    }),
    uid: t.expose('uid', {
      type: UniversalIdRef,
      nullable: true,
      description:
        'The same id on every cluster that holds a replica of the job. Its `clusterId` is that of the cluster that made the job. `null` unless all its parts were sent.',
    }),
    isReplica: replicaField(t),
    name: t.exposeString('name', { description: 'Its name, or its id if the vendor sends no name.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'A text that its owner wrote about it. `null` if there is none.',
    }),
    environment: t.exposeString('environment', {
      nullable: true,
      description: 'The vendor’s kind of source that it protects, such as `kVMware`. `null` if not sent.',
    }),
    policyId: t.exposeString('policyId', {
      nullable: true,
      description: 'Id of the policy, which has its schedule and its targets. `null` if not sent.',
    }),
    viewBoxId: t.expose('viewBoxId', {
      type: 'BigInt',
      nullable: true,
      description: 'Id of the storage domain that it writes to. `null` if not sent.',
    }),
    parentSourceId: t.expose('parentSourceId', {
      type: 'BigInt',
      nullable: true,
      description: 'Entity id of the source that its objects are under, such as a vCenter. `null` if not sent.',
    }),
    sourceIds: t.expose('sourceIds', {
      type: ['BigInt'],
      description: 'Entity ids of the sources that it protects. An id may name a whole tree, such as a vCenter.',
    }),
    sources: t.field({
      type: [ProtectionSourceRef],
      ...usually(20),
      nullable: true,
      description:
        'The sources that it protects. Leaves out sources that the cluster no longer knows. Costs one call for each 200 sources, shared with other jobs.',
      resolve: async ({ upstream, sourceIds }, _args, { session }) => {
        const found = await Promise.all(
          sourceIds.map((id) => cohesityLoaders(session).protectionSource.load({ upstream, id: id.toString() })),
        );
        return found.filter((source) => source !== null);
      },
    }),
    tenantId: t.exposeString('tenantId', {
      nullable: true,
      description: 'Id of the tenant that it belongs to, on a shared cluster. `null` if not sent.',
    }),
    isActive: t.exposeBoolean('isActive', {
      description: 'Whether it is active: `false` on the replica’s side and when deactivated. `true` if not sent.',
    }),
    isDeleted: t.exposeBoolean('isDeleted', {
      description: 'Whether it is deleted and still has snapshots. `false` if not sent.',
    }),
    isPaused: t.exposeBoolean('isPaused', { description: 'Whether it starts no new runs. `false` if not sent.' }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was created. `null` if not sent.',
    }),
    modifiedAt: t.expose('modifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last changed. `null` if not sent.',
    }),
    policyAppliedAt: t.expose('policyAppliedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its policy was last applied, in whole milliseconds. `null` if not sent.',
    }),
    upstream: upstreamField(t, 'The cluster it runs on.'),
    observedAt: t.expose('observedAt', { type: 'DateTime', description: 'When the gateway read it from the cluster.' }),
  }),
});

const ProtectionJobConnectionRef = connectionRef('ProtectionJob', ProtectionJobRef, 'protection jobs');

const ProtectionJobFilterRef = builder.inputType('ProtectionJobFilter', {
  description:
    'Narrows the list of jobs. An absent member does not narrow it. Members combine with AND, the values of a list with OR.',
  fields: (t) => ({
    upstreams: t.stringList({ description: 'Only jobs of these upstreams, by `Upstream.name`.' }),
    name: t.string({ description: 'Only jobs with this text in their name. Case does not matter.' }),
    environments: t.stringList({
      description: 'Only jobs of these environments, as the vendor writes them, such as `kVMware`.',
    }),
    isActive: t.boolean({ description: 'Only active jobs, or only inactive ones.' }),
    isDeleted: t.boolean({ description: 'Only deleted jobs, or only jobs that are not.' }),
    isPaused: t.boolean({ description: 'Only paused jobs, or only jobs that are not.' }),
    ...replicaFilter(t),
  }),
});

builder.queryField('protectionJob', (t) =>
  t.field({
    type: ProtectionJobRef,
    nullable: true,
    ...calls(1),
    description: 'One protection job by its id. `null` if the cluster does not know it. Costs one call.',
    args: {
      id: t.arg.id({ required: true, description: 'As `ProtectionJob.id` showed it.' }),
      ...maxAgeArgument(t.arg),
    },
    resolve: (_root, { id, maxAge }, context, info) => {
      const { upstream, parts } = parseKnownId(context.session.clients, 'id', id, 'ProtectionJob');
      return cohesityLoaders(agedBy(context, maxAge, info).session).protectionJob.load({
        upstream,
        id: parts[0] ?? '',
      });
    },
  }),
);

builder.queryField('protectionJobs', (t) =>
  t.field({
    type: ProtectionJobConnectionRef,
    nullable: true,
    ...paged(1),
    description:
      'The protection jobs of every Cohesity cluster, sorted by name, equal names by `id`. Costs one call for each cluster.',
    args: {
      filter: t.arg({ type: ProtectionJobFilterRef, description: 'The jobs to list; all if absent.' }),
      ...listArguments(t.arg),
    },
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listProtectionJobs(aged, args, asked)),
  }),
);
