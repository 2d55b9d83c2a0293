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
    'A Cohesity protection job, called protection group in newer releases: what is backed up together, and copied on. Source: Cohesity v1 ProtectionJob.',
  interfaces: [NodeRef],
  requiresScopes: [['copy:read']], // wherever another subgraph refers to it
  fields: (t) => ({
    jobId: t.expose('jobId', {
      type: 'BigInt',
      description: 'Cohesity’s number of the job, good on this cluster only.',
    }),
    uid: t.expose('uid', {
      type: UniversalIdRef,
      nullable: true,
      description:
        'The same on every cluster that holds a replica; its clusterId is that of the cluster that made the job.',
    }),
    isReplica: replicaField(t),
    name: t.exposeString('name', { description: 'Its name; its number where the vendor sends none.' }),
    description: t.exposeString('description', { nullable: true, description: 'What its owner wrote about it.' }),
    environment: t.exposeString('environment', {
      nullable: true,
      description: 'The vendor’s word for what it protects, such as `kVMware`.',
    }),
    policyId: t.exposeString('policyId', {
      nullable: true,
      description: 'The policy that says when it runs and where it copies.',
    }),
    viewBoxId: t.expose('viewBoxId', {
      type: 'BigInt',
      nullable: true,
      description: 'The storage domain it writes to.',
    }),
    parentSourceId: t.expose('parentSourceId', {
      type: 'BigInt',
      nullable: true,
      description: 'Entity id of the source under which its objects lie, such as a vCenter.',
    }),
    sourceIds: t.expose('sourceIds', {
      type: ['BigInt'],
      description: 'Entity ids of what it protects; none may be whole trees.',
    }),
    sources: t.field({
      type: [ProtectionSourceRef],
      ...usually(20),
      nullable: true,
      description:
        'What it protects; sources that the cluster no longer knows are left out. Costs one call for each 200 sources, shared with other jobs.',
      resolve: async ({ upstream, sourceIds }, _args, { session }) => {
        const found = await Promise.all(
          sourceIds.map((id) => cohesityLoaders(session).protectionSource.load({ upstream, id: id.toString() })),
        );
        return found.filter((source) => source !== null);
      },
    }),
    tenantId: t.exposeString('tenantId', {
      nullable: true,
      description: 'The tenant it belongs to, on a shared cluster.',
    }),
    isActive: t.exposeBoolean('isActive', {
      description: 'False on the replica’s side and when deactivated. True where the vendor leaves it out.',
    }),
    isDeleted: t.exposeBoolean('isDeleted', { description: 'True for a deleted job that still has snapshots.' }),
    isPaused: t.exposeBoolean('isPaused', { description: 'Whether no new runs start.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: true, description: 'When it was made.' }),
    modifiedAt: t.expose('modifiedAt', { type: 'DateTime', nullable: true, description: 'When it was last changed.' }),
    policyAppliedAt: t.expose('policyAppliedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its policy was last applied; the vendor counts milliseconds here.',
    }),
    upstream: upstreamField(t, 'The cluster it runs on.'),
    observedAt: t.expose('observedAt', { type: 'DateTime', description: 'When the cluster was read.' }),
  }),
});

const ProtectionJobConnectionRef = connectionRef('ProtectionJob', ProtectionJobRef, 'protection jobs');

const ProtectionJobFilterRef = builder.inputType('ProtectionJobFilter', {
  description:
    'Narrows the list of jobs; absent members do not. Members are combined with AND, the words of a list with OR.',
  fields: (t) => ({
    upstreams: t.stringList({ description: 'Only these upstreams, by `Upstream.name`.' }),
    name: t.string({ description: 'Only where this is part of the name; upper and lower case are equal.' }),
    environments: t.stringList({ description: 'Only these environments, in the vendor’s words, such as `kVMware`.' }),
    isActive: t.boolean({ description: 'Only active jobs, or only others.' }),
    isDeleted: t.boolean({ description: 'Only deleted jobs, or only others.' }),
    isPaused: t.boolean({ description: 'Only paused jobs, or only others.' }),
    ...replicaFilter(t),
  }),
});

builder.queryField('protectionJob', (t) =>
  t.field({
    type: ProtectionJobRef,
    nullable: true,
    ...calls(1),
    description: 'One protection job by its id; `null` where the cluster does not know it. Costs one call.',
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
      'The protection jobs of every Cohesity cluster, by name, equal names by `id`. Costs one call for each cluster.',
    args: {
      filter: t.arg({ type: ProtectionJobFilterRef, description: 'Which jobs; all if absent.' }),
      ...listArguments(t.arg),
    },
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listProtectionJobs(aged, args, asked)),
  }),
);
