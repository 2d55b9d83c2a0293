import type { InputFieldBuilder } from '@pothos/core';
import type { Composite } from '../domain/copy-filter.js';
import { ActivityStateRef, FailureCategoryRef } from './activity.js';
import { type SchemaTypes, builder } from './builder.js';
import { described } from './described.js';
import { CopyTargetKindRef } from './copy-target.js';
import { replicaFilter } from './replica.js';

type Fields = InputFieldBuilder<SchemaTypes, 'InputObject'>;

const CompositeRef = builder.enumType('Composite', {
  description: 'The part of AWS’s composite jobs that counts. AWS lists a parent and its children side by side.',
  values: described<Composite>({
    ALL: 'Parents and children.',
    TOP_LEVEL: 'Only jobs without a parent.',
    LEAVES: 'Only jobs without children, so each copied byte counts once.',
  }),
});

const window =
  'Without it, the window is the 24 hours before now or before `startedBefore`. It is `limits.lookBackHours` long (7 days by default) with `finished: false`, `endedAfter`, `expiresAfter`, `expiresBefore`, `onLegalHold` or `dataLocked`. The same holds if `states` has only QUEUED, RUNNING, CANCELING, ON_HOLD or UNKNOWN. A record without a start is kept, unless it is finished and ended outside the window.';

/** The filter members of every activity. */
export const activityFilter = (t: Fields) => ({
  upstreams: t.stringList({ description: 'Only these upstreams, by `Upstream.name`.' }),
  states: t.field({ type: [ActivityStateRef], description: 'Only records in one of these states.' }),
  finished: t.boolean({ description: 'Only finished records, or only unfinished ones.' }),
  startedAfter: t.field({
    type: 'DateTime',
    description: `Started (for AWS: created) at this time or later. ${window}`,
  }),
  startedBefore: t.field({ type: 'DateTime', description: 'Started (for AWS: created) before this time.' }),
  endedAfter: t.field({
    type: 'DateTime',
    description:
      'Ended at this time or later. Leaves out unfinished records. Keeps a finished record without an end, because it may have ended at any time after its start.',
  }),
  endedBefore: t.field({
    type: 'DateTime',
    description:
      'Ended before this time. Leaves out unfinished records. Keeps a finished record without an end if it started before this time.',
  }),
  failureCategories: t.field({ type: [FailureCategoryRef], description: 'Only failures of these categories.' }),
});

const reachesBack = 'Without `startedAfter`, the window is `limits.lookBackHours` long.';

const expiry = `Leaves out copies without a known expiry. For AWS jobs it reads their recovery points: up to 20 of a vault by one call each, more by lists. If some cannot be read, the report is incomplete. ${reachesBack}`;

/** The filter members of every copy. */
export const copyFilter = (t: Fields) => ({
  targetKinds: t.field({
    type: [CopyTargetKindRef],
    description:
      'Only copies to one of these kinds of targets. That of an AWS job is VAULT, or UNKNOWN if it names no vault.',
  }),
  targetIds: t.idList({
    description: 'Only copies to these targets, by `CopyTarget.id`. Each upstream has its own targets.',
  }),
  expiresAfter: t.field({
    type: 'DateTime',
    description: `Expires at this time or later. ${expiry}`,
  }),
  expiresBefore: t.field({ type: 'DateTime', description: `Expires before this time. ${expiry}` }),
  onLegalHold: t.boolean({
    description: `Only copies on legal hold, or only copies that are not known to be. A run with one source on hold counts as held. AWS reports no holds: \`true\` leaves out its copies, \`false\` keeps them. ${reachesBack}`,
  }),
  dataLocked: t.boolean({
    description: `Only copies under a Cohesity data lock that is in force, or only copies that are not. A lock without a known end does not count. AWS reports no such lock: \`true\` leaves out its copies, \`false\` keeps them. ${reachesBack}`,
  }),
  longerThanSeconds: t.int({
    description:
      'Only copies that took more than this many seconds. An unfinished copy counts from its start until now. Leaves out a copy without a start, and a finished one without an end.',
  }),
  errorContains: t.string({
    description: 'Only copies with this text in `error`. Case does not matter.',
  }),
  objectName: t.string({
    description:
      'Only copies with this text in their name, or in the name of a source that they copy. Case does not matter.',
  }),
});

/** The filter members that only Cohesity knows. */
export const cohesityFilter = (t: Fields) => ({
  protectionJobIds: t.idList({
    description: 'Only records of these Cohesity jobs, by `ProtectionJob.id`. A replica’s job has its own id.',
  }),
  ...replicaFilter(t),
});

/** The filter members that only AWS knows. */
export const awsFilter = (t: Fields) => ({
  accountIds: t.stringList({
    description:
      'Only AWS jobs of these accounts, 12 digits each. Without it, AWS lists the jobs of the upstream’s own account. Costs one list for each account and upstream.',
  }),
  resourceTypes: t.stringList({ description: 'Only AWS resources of these types, as AWS writes them, such as `EBS`.' }),
  messageCategories: t.stringList({
    description:
      'Only AWS jobs with one of these categories, such as `AccessDenied`. Case matters only if you give a single one, because AWS itself then filters by it.',
  }),
  composite: t.field({
    type: CompositeRef,
    description: 'The part of AWS’s composite jobs that counts. If absent, ALL in lists and LEAVES in sums.',
  }),
});

const narrows = (what: string): string =>
  `Narrows a list of ${what}. An absent member does not narrow it. Members combine with AND, the values of a list with OR.`;

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
