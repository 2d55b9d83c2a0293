import type { ArgBuilder } from '@pothos/core';
import { type CopySummary, summarizeCopies } from '../aggregate/copy-summary.js';
import { type CopyTimeBasis, type GroupBy, noKey } from '../domain/copy-group.js';
import type { CopySummaryOrder } from '../domain/copy-summary.js';
import { type SchemaTypes, builder } from './builder.js';
import { described } from './described.js';
import { calls, sizedBy, usually } from './cost.js';
import { CopyOperationFilterRef } from './copy-operation.js';
import { CopySummaryGroupRef } from './copy-summary-group.js';
import { tellUnseen } from './connection.js';
import { agedBy, maxAgeArgument } from './max-age.js';
import { OrderDirectionRef } from './order-direction.js';
import { UpstreamReportRef } from './upstream-report.js';

const GroupByRef = builder.enumType('CopySummaryGroupBy', {
  description: 'What a summary can be split by.',
  values: described<GroupBy>({
    STATE: 'By where the copies stand.',
    UPSTREAM: 'By the upstream they ran on.',
    TARGET_KIND: 'The kind of place copied to.',
    TARGET: 'The place copied to, by its id: each upstream has targets of its own.',
    HOUR: 'The hour that the copy started or ended in. Where clocks are set back, the hour that comes twice is two.',
    DAY: 'The day that the copy started or ended on, in `timeZone`. One of a clock change has 23 or 25 hours.',
    WEEK: 'The week by ISO 8601, in `timeZone`: from Monday to Sunday.',
    FAILURE_CATEGORY: 'Why it failed; one group is that of what did not fail.',
    PROTECTION_JOB: 'The Cohesity job; AWS’s copies are one group without a job.',
    OBJECT:
      'What is copied. Counts `CopySnapshotTask` in place of `CopyRun`, which may be of many objects: `types` with COPY_RUN is refused.',
    ACCOUNT: 'The AWS account that owns the jobs; Cohesity’s copies are one group without an account.',
    RESOURCE_TYPE: 'The type of AWS resource; Cohesity’s copies are one group without a type.',
  }),
});

const CopyTimeBasisRef = builder.enumType('CopyTimeBasis', {
  description: 'Which time of a copy puts it into an hour, a day or a week.',
  values: described<CopyTimeBasis>({
    STARTED: 'When it started.',
    ENDED: 'When it ended. What has not is in the group without a time.',
  }),
});

const CopySummaryOrderFieldRef = builder.enumType('CopySummaryOrderField', {
  description: 'What the groups of a summary can be sorted by.',
  values: described<CopySummaryOrder['field']>({
    COUNT: 'How many copies.',
    COPIED_BYTES: 'By `copiedBytes`.',
    SIZE_BYTES: 'By `sizeBytes`.',
    TIME: 'By the hour, day or week, whichever is the shortest that the summary is grouped by.',
  }),
});

const CopySummaryOrderRef = builder.inputType('CopySummaryOrder', {
  description:
    'How the groups of a summary are sorted. Unknown values come last; groups of equal values stand in the order that they have without it.',
  fields: (t) => ({
    field: t.field({ type: CopySummaryOrderFieldRef, required: true, description: 'What they are sorted by.' }),
    direction: t.field({
      type: OrderDirectionRef,
      required: true,
      defaultValue: 'ASC',
      description: 'Smallest or oldest first, or the other way round.',
    }),
  }),
});

export const CopySummaryRef = builder.objectRef<CopySummary>('CopySummary').implement({
  description: 'Counts, bytes and times of copies, for charts. Exact where every report is complete.',
  fields: (t) => ({
    total: t.field({
      type: CopySummaryGroupRef,
      description: 'All of them. The groups add up to it, unless `first` leaves some out.',
      resolve: ({ total }) => ({ ...noKey, ...total }),
    }),
    groups: t.expose('groups', {
      type: [CopySummaryGroupRef],
      description:
        'One for each combination that occurs; empty without `groupBy`. Sorted by day, week, hour, upstream, state, kind of target, target, job, object, account, resource type and failure category, unless `orderBy` says otherwise.',
    }),
    upstreamReports: t.expose('upstreamReports', {
      type: [UpstreamReportRef],
      ...usually(2),
      description:
        'Which upstreams were counted whole, and why the others were not. Where a query leaves this out, an outage, or what else may be missing, is in `errors` instead.',
    }),
  }),
});

/** The arguments of a summary. */
export const copySummaryArguments = (arg: ArgBuilder<SchemaTypes>) => ({
  filter: arg({ type: CopyOperationFilterRef, description: 'Which copies; all of the last 24 hours if absent.' }),
  groupBy: arg({ type: [GroupByRef], description: 'What to split by; not at all if absent.' }),
  timeZone: arg.string({
    defaultValue: 'UTC',
    description: 'Whose hours, days and weeks: a name of the IANA database, such as `Europe/Berlin`.',
  }),
  by: arg({
    type: CopyTimeBasisRef,
    defaultValue: 'STARTED',
    description:
      'Which time puts a copy into an hour, a day or a week. The window of the filter is about starts all the same.',
  }),
  orderBy: arg({ type: CopySummaryOrderRef, description: 'How the groups are sorted.' }),
  first: arg.int({
    description:
      'Only so many groups, from the front; at most `limits.maxGroups`, all if absent. The rest counts in `total` all the same.',
  }),
  ...maxAgeArgument(arg),
});

builder.queryField('copySummary', (t) =>
  t.field({
    type: CopySummaryRef,
    nullable: true,
    ...calls(10),
    ...sizedBy('groups', 100),
    description:
      'Counts, bytes and times of the copies a filter finds, in one pass over its whole window; with `copyOperations` of the same filter in one query it shares the reads. LOCAL snapshots count too unless `targetKinds` says otherwise; of AWS’s composite jobs only the leaves. More groups than `limits.maxGroups` are refused with QUERY_TOO_COMPLEX.',
    args: copySummaryArguments(t.arg),
    resolve: async (_root, { maxAge, ...args }, context, info) =>
      tellUnseen(context, info, await summarizeCopies(agedBy(context, maxAge, info), args)),
  }),
);
