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
  'Without it, the 24 hours before now or before `startedBefore`. With `finished: false`, `endedAfter`, `expiresAfter`, `expiresBefore`, `onLegalHold`, `dataLocked`, or only states that are not finished (QUEUED, RUNNING, CANCELING, ON_HOLD, UNKNOWN), as far back as the gateway is configured to look (7 days by default). A record whose start is unknown is kept, unless it is finished and ended outside.';

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

const reachesBack = 'Looks back as far as the gateway is configured to, unless `startedAfter` is given.';

const expiry = `Leaves out what has no expiry, and what does not tell it. That of AWS’s jobs is in their recovery points, which are read for it: up to 20 of a vault by a call each, more by its lists. What could not be judged makes the report incomplete. ${reachesBack}`;

/** What every copy can be asked about. */
export const copyFilter = (t: Fields) => ({
  targetKinds: t.field({
    type: [CopyTargetKindRef],
    description: 'Only to one of these kinds of places; an AWS job’s is VAULT.',
  }),
  targetIds: t.idList({
    description: 'Only to these targets, by `CopyTarget.id`. A cluster and its replica have targets of their own.',
  }),
  expiresAfter: t.field({
    type: 'DateTime',
    description: `Expires at this time or later. ${expiry}`,
  }),
  expiresBefore: t.field({ type: 'DateTime', description: `Expires before this time. ${expiry}` }),
  onLegalHold: t.boolean({
    description: `Only what a legal hold keeps, or only what none is known to. A run of which one source is held counts as held. Of AWS’s copies nothing is told: \`true\` leaves them out, \`false\` keeps them. ${reachesBack}`,
  }),
  dataLocked: t.boolean({
    description: `Only what is under a Cohesity data lock in force, or only what is not. Of AWS’s copies no such lock is told: \`true\` leaves them out, \`false\` keeps them. ${reachesBack}`,
  }),
  longerThanSeconds: t.int({
    description:
      'Only what took longer than so many seconds from its start to its end. What goes on counts by the time since its start; what ended without an end that is told is left out.',
  }),
  errorContains: t.string({
    description: 'Only where this is part of `error`; upper and lower case are equal.',
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
