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
  description: 'The values by which a summary can be grouped.',
  values: described<GroupBy>({
    STATE: 'By the state of the copy.',
    UPSTREAM: 'By the upstream that the copy ran on.',
    TARGET_KIND: 'By the kind of place that the copy goes to.',
    TARGET: 'By the place that the copy goes to. Each upstream has its own targets.',
    HOUR: 'By the hour in which the copy started or ended. When clocks are set back, the hour that comes twice counts as two.',
    DAY: 'By the day in `timeZone` on which the copy started or ended. A day with a clock change has 23 or 25 hours.',
    WEEK: 'By the ISO 8601 week in `timeZone`, from Monday to Sunday.',
    FAILURE_CATEGORY: 'By the kind of failure. Copies that did not fail are one group.',
    PROTECTION_JOB: 'By the Cohesity job. AWS’s copies are one group without a job.',
    OBJECT:
      'By the object that is copied. Counts `CopySnapshotTask` in place of `CopyRun`, which may have many objects. So `types` with COPY_RUN is refused.',
    ACCOUNT: 'By the AWS account that owns the job. Cohesity’s copies are one group without an account.',
    RESOURCE_TYPE: 'By the type of AWS resource. Cohesity’s copies are one group without a type.',
  }),
});

const CopyTimeBasisRef = builder.enumType('CopyTimeBasis', {
  description: 'The time of a copy that puts it into an hour, a day or a week.',
  values: described<CopyTimeBasis>({
    STARTED: 'When it started. Copies without a start are in the group without a time.',
    ENDED: 'When it ended. Copies without an end are in the group without a time.',
  }),
});

const CopySummaryOrderFieldRef = builder.enumType('CopySummaryOrderField', {
  description: 'The values by which the groups of a summary can be sorted.',
  values: described<CopySummaryOrder['field']>({
    COUNT: 'By the number of copies.',
    COPIED_BYTES: 'By `copiedBytes`.',
    SIZE_BYTES: 'By `sizeBytes`.',
    TIME: 'By the hour, day or week: the shortest that the summary is grouped by.',
  }),
});

const CopySummaryOrderRef = builder.inputType('CopySummaryOrder', {
  description:
    'The order of the groups of a summary. Unknown values come last. Groups of equal values have the order that they have without it.',
  fields: (t) => ({
    field: t.field({ type: CopySummaryOrderFieldRef, required: true, description: 'The value to sort by.' }),
    direction: t.field({
      type: OrderDirectionRef,
      required: true,
      defaultValue: 'ASC',
      description: 'Smallest or oldest first, or the reverse.',
    }),
  }),
});

export const CopySummaryRef = builder.objectRef<CopySummary>('CopySummary').implement({
  description: 'Counts, bytes and times of copies, for charts. Exact if every report is complete.',
  fields: (t) => ({
    total: t.field({
      type: CopySummaryGroupRef,
      description: 'All copies together. The groups add up to it, unless `first` leaves some out.',
      resolve: ({ total }) => ({ ...noKey, ...total }),
    }),
    groups: t.expose('groups', {
      type: [CopySummaryGroupRef],
      description:
        'One group for each combination that occurs. Empty without `groupBy`. Sorted by day, week, hour, upstream, state, kind of target, target, job, object, account, resource type and failure category, unless `orderBy` says otherwise.',
    }),
    upstreamReports: t.expose('upstreamReports', {
      type: [UpstreamReportRef],
      ...usually(2),
      description:
        'Whether each upstream was counted whole, and if not, why. If a query leaves this out, outages and other gaps are in `errors` instead.',
    }),
  }),
});

/** The arguments of a summary. */
export const copySummaryArguments = (arg: ArgBuilder<SchemaTypes>) => ({
  filter: arg({
    type: CopyOperationFilterRef,
    description: 'The copies to sum up; all of the last 24 hours if absent.',
  }),
  groupBy: arg({ type: [GroupByRef], description: 'The values to group by. If absent, there is only `total`.' }),
  timeZone: arg.string({
    defaultValue: 'UTC',
    description: 'The time zone of hours, days and weeks: a name of the IANA database, such as `Europe/Berlin`.',
  }),
  by: arg({
    type: CopyTimeBasisRef,
    defaultValue: 'STARTED',
    description:
      'The time that puts a copy into an hour, a day or a week. It does not change the window of the filter, which goes by starts.',
  }),
  orderBy: arg({ type: CopySummaryOrderRef, description: 'The order of the groups.' }),
  first: arg.int({
    description:
      'The number of groups from the front, at most `limits.maxGroups`; all if absent. `total` counts the others too.',
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
      'Counts, bytes and times of the copies that a filter finds, in one pass over its whole window. Shares its reads with `copyOperations` of the same filter in one query. LOCAL snapshots count too, unless `targetKinds` says otherwise. Of AWS’s composite jobs only the leaves count, unless `composite` says otherwise. More groups than `limits.maxGroups` are refused with QUERY_TOO_COMPLEX.',
    args: copySummaryArguments(t.arg),
    resolve: async (_root, { maxAge, ...args }, context, info) =>
      tellUnseen(context, info, await summarizeCopies(agedBy(context, maxAge, info), args)),
  }),
);
