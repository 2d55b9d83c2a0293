import type { InputFieldBuilder } from '@pothos/core';
import type { Composite } from '../domain/copy-filter.js';
import { ActivityStateRef, FailureCategoryRef } from './activity.js';
import { type SchemaTypes, builder } from './builder.js';
import { described } from './described.js';
import { CopyTargetKindRef } from './copy-target.js';
import { replicaFilter } from './replica.js';

type Fields = InputFieldBuilder<SchemaTypes, 'InputObject'>;

const CompositeRef = builder.enumType('Composite', {
  description: 'Which of AWS’s composite jobs count: a parent and its children are all in the lists of AWS.',
  values: described<Composite>({
    ALL: 'Parents and children.',
    TOP_LEVEL: 'Only jobs without a parent.',
    LEAVES: 'Only jobs without children: each copied byte once.',
  }),
});

const window =
  'Without it, the 24 hours before now or before `startedBefore`. With `finished: false`, `endedAfter`, or only states that are not finished (QUEUED, RUNNING, CANCELING, ON_HOLD, UNKNOWN), as far back as the gateway is configured to look (7 days by default). A record whose start is unknown is kept, unless it is finished and ended outside.';

/** What every activity can be asked about. */
export const activityFilter = (t: Fields) => ({
  upstreams: t.stringList({ description: 'Only these upstreams, by `Upstream.name`.' }),
  states: t.field({ type: [ActivityStateRef], description: 'Only in one of these states.' }),
  finished: t.boolean({ description: 'Only those that are finished, or only those that are not.' }),
  startedAfter: t.field({
    type: 'DateTime',
    description: `Started (for AWS: created) at this time or later. ${window}`,
  }),
  startedBefore: t.field({ type: 'DateTime', description: 'Started (for AWS: created) before this time.' }),
  endedAfter: t.field({
    type: 'DateTime',
    description:
      'Ended at this time or later; leaves out what is not finished. A finished record without an end is kept, since it may have ended at any time after it started.',
  }),
  endedBefore: t.field({
    type: 'DateTime',
    description: 'Ended before this time. A finished record without an end is kept if it started before this time.',
  }),
  failureCategories: t.field({ type: [FailureCategoryRef], description: 'Only failures of these kinds.' }),
});

/** What every copy can be asked about. */
export const copyFilter = (t: Fields) => ({
  targetKinds: t.field({
    type: [CopyTargetKindRef],
    description: 'Only to one of these kinds of places; an AWS job’s is VAULT.',
  }),
  objectName: t.string({
    description:
      'Only where this is part of the name, or of the name of a source that was copied; upper and lower case are equal.',
  }),
});

/** What only Cohesity has a notion of. */
export const cohesityFilter = (t: Fields) => ({
  protectionJobIds: t.idList({
    description: 'Only of these Cohesity jobs, by `ProtectionJob.id`. A replica’s job has an id of its own.',
  }),
  ...replicaFilter(t),
});

/** What only AWS has a notion of. */
export const awsFilter = (t: Fields) => ({
  accountIds: t.stringList({
    description:
      'Only AWS jobs that these accounts own, 12 digits each. Without it, AWS lists the jobs of the upstream’s own account. Costs one list for each account and upstream.',
  }),
  resourceTypes: t.stringList({ description: 'Only AWS resources of these types, in AWS’s words, such as `EBS`.' }),
  messageCategories: t.stringList({
    description:
      'Only AWS jobs with one of these categories, such as `AccessDenied`. Write a single one as AWS does, since AWS itself then looks for it.',
  }),
  composite: t.field({
    type: CompositeRef,
    description: 'Which part of AWS’s composite jobs; if absent, ALL in lists and LEAVES in sums.',
  }),
});

const narrows = (what: string): string =>
  `Narrows a list of ${what}; absent members do not. Members are combined with AND, the words of a list with OR.`;

export const ShellFilterRef = builder.inputType('ProtectionShellFilter', {
  description: narrows('Cohesity runs'),
  fields: (t) => ({ ...activityFilter(t), ...cohesityFilter(t) }),
});

export const CopyRunFilterRef = builder.inputType('CopyRunFilter', {
  description: narrows('Cohesity copies'),
  fields: (t) => ({ ...activityFilter(t), ...copyFilter(t), ...cohesityFilter(t) }),
});

export const CopyJobFilterRef = builder.inputType('CopyJobFilter', {
  description: narrows('AWS Backup copy jobs'),
  fields: (t) => ({ ...activityFilter(t), ...copyFilter(t), ...awsFilter(t) }),
});
