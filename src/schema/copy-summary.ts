import { type CopySummary, summarizeCopies } from '../aggregate/copy-operations.js';
import { type CopyGroup, type GroupBy, noKey } from '../domain/copy-summary.js';
import { ActivityStateRef, FailureCategoryRef } from './activity.js';
import { builder } from './builder.js';
import { described } from './described.js';
import { calls, usually } from './cost.js';
import { CopyOperationFilterRef } from './copy-operation.js';
import { CopyTargetKindRef } from './copy-target.js';
import { tellUnseen } from './connection.js';
import { agedBy, maxAgeArgument } from './max-age.js';
import { UpstreamRef } from './upstream.js';
import { UpstreamReportRef } from './upstream-report.js';

const GroupByRef = builder.enumType('CopySummaryGroupBy', {
  description: 'What a summary can be split by.',
  values: described<GroupBy>({
    STATE: 'By where the copies stand.',
    UPSTREAM: 'By the upstream they ran on.',
    TARGET_KIND: 'The kind of place copied to.',
    DAY: 'The day, in UTC, that the copy started on.',
    FAILURE_CATEGORY: 'Why it failed; one group is that of what did not fail.',
  }),
});

const grouped = 'else, and where not grouped by it, `null`';

const CopySummaryGroupRef = builder.objectRef<CopyGroup>('CopySummaryGroup').implement({
  description: 'How many copies and how many bytes, of all or of those that are alike in what was grouped by.',
  fields: (t) => ({
    state: t.expose('state', {
      type: ActivityStateRef,
      nullable: true,
      description: `The state they are in; ${grouped}.`,
    }),
    upstream: t.field({
      type: UpstreamRef,
      nullable: true,
      description: `The upstream they ran on; ${grouped}.`,
      resolve: ({ upstream }, _args, { session }) =>
        upstream === null ? null : session.clients.get(upstream)?.upstream,
    }),
    targetKind: t.expose('targetKind', {
      type: CopyTargetKindRef,
      nullable: true,
      description: `The kind of place they go to; ${grouped}.`,
    }),
    day: t.exposeString('day', {
      nullable: true,
      description:
        'The day in UTC they started on, such as `2024-05-01`; `null` where the start is unknown or not grouped by.',
    }),
    failureCategory: t.expose('failureCategory', {
      type: FailureCategoryRef,
      nullable: true,
      description: 'Why they failed; `null` for those that did not, and where not grouped by it.',
    }),
    count: t.exposeInt('count', { description: 'How many copies.' }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'What is to be copied, of those that tell; `null` where none does.',
    }),
    transferredBytes: t.expose('transferredBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'What has been copied, of those that tell; `null` where none does. AWS never does.',
    }),
  }),
});

const CopySummaryRef = builder.objectRef<CopySummary>('CopySummary').implement({
  description: 'Counts and bytes of copies, for charts. Exact where every report is complete.',
  fields: (t) => ({
    total: t.field({
      type: CopySummaryGroupRef,
      description: 'All of them.',
      resolve: ({ total }) => ({ ...noKey, ...total }),
    }),
    groups: t.expose('groups', {
      type: [CopySummaryGroupRef],
      ...usually(100),
      description:
        'One for each combination that occurs, sorted by day, upstream, state, kind and category; empty without groupBy.',
    }),
    upstreamReports: t.expose('upstreamReports', {
      type: [UpstreamReportRef],
      ...usually(2),
      description:
        'Which upstreams were counted whole, and why the others were not. Where a query leaves this out, an outage, or what else may be missing, is in `errors` instead.',
    }),
  }),
});

builder.queryField('copySummary', (t) =>
  t.field({
    type: CopySummaryRef,
    nullable: true,
    ...calls(10),
    description:
      'Counts and bytes of the copies a filter finds, in one pass over its whole window; with `copyOperations` of the same filter in one query it shares the reads. LOCAL snapshots count too unless `targetKinds` says otherwise; of AWS’s composite jobs only the leaves.',
    args: {
      filter: t.arg({ type: CopyOperationFilterRef, description: 'Which copies; all of the last 24 hours if absent.' }),
      groupBy: t.arg({ type: [GroupByRef], description: 'What to split by; not at all if absent.' }),
      ...maxAgeArgument(t.arg),
    },
    resolve: async (_root, { filter, groupBy, maxAge }, context, info) =>
      tellUnseen(context, info, await summarizeCopies(agedBy(context, maxAge, info), filter, groupBy ?? [])),
  }),
);
