import type { compositeChoices } from '../domain/copy-filter.js';
import { ActivityStateRef, FailureCategoryRef } from './activity.js';
import { builder } from './builder.js';
import { CopyTargetKindRef } from './copy-target.js';

const CompositeRef = builder.enumType('Composite', {
  description: 'Which of AWS’s composite jobs count: a parent and its children are all in the lists of AWS.',
  values: {
    ALL: { description: 'Parents and children.' },
    TOP_LEVEL: { description: 'Only jobs without a parent.' },
    LEAVES: { description: 'Only jobs without children: each copied byte once.' },
  } satisfies Record<(typeof compositeChoices)[number], { description: string }>,
});

const window =
  'Without it, the last 24 hours; with `finished: false` or `endedAfter`, as far back as the gateway is configured to look (7 days by default).';

export const ShellFilterRef = builder.inputType('ProtectionShellFilter', {
  description:
    'Narrows a list of runs; absent members do not. Members are combined with AND, the words of a list with OR.',
  fields: (t) => ({
    upstreams: t.stringList({ description: 'Only these upstreams, by `Upstream.name`.' }),
    states: t.field({ type: [ActivityStateRef], description: 'Only in one of these states.' }),
    finished: t.boolean({ description: 'Only those that are finished, or only those that are not.' }),
    startedAfter: t.field({ type: 'DateTime', description: `Started at this time or later. ${window}` }),
    startedBefore: t.field({ type: 'DateTime', description: 'Started before this time.' }),
    endedAfter: t.field({
      type: 'DateTime',
      description: 'Ended at this time or later; leaves out what is not finished.',
    }),
    endedBefore: t.field({ type: 'DateTime', description: 'Ended before this time.' }),
    protectionJobIds: t.idList({ description: 'Only runs of these jobs, by `ProtectionJob.id`.' }),
    failureCategories: t.field({ type: [FailureCategoryRef], description: 'Only failures of these kinds.' }),
  }),
});

export const CopyRunFilterRef = builder.inputType('CopyRunFilter', {
  description:
    'Narrows a list of Cohesity copies; absent members do not. Members are combined with AND, the words of a list with OR.',
  fields: (t) => ({
    upstreams: t.stringList({ description: 'Only these upstreams, by `Upstream.name`.' }),
    states: t.field({ type: [ActivityStateRef], description: 'Only in one of these states.' }),
    finished: t.boolean({ description: 'Only those that are finished, or only those that are not.' }),
    targetKinds: t.field({ type: [CopyTargetKindRef], description: 'Only to one of these kinds of places.' }),
    startedAfter: t.field({ type: 'DateTime', description: `Started at this time or later. ${window}` }),
    startedBefore: t.field({ type: 'DateTime', description: 'Started before this time.' }),
    endedAfter: t.field({
      type: 'DateTime',
      description: 'Ended at this time or later; leaves out what is not finished.',
    }),
    endedBefore: t.field({ type: 'DateTime', description: 'Ended before this time.' }),
    objectName: t.string({
      description:
        'Only where this is part of the name, or of the name of a source that was copied; upper and lower case are equal.',
    }),
    protectionJobIds: t.idList({ description: 'Only copies of these jobs, by `ProtectionJob.id`.' }),
    failureCategories: t.field({ type: [FailureCategoryRef], description: 'Only failures of these kinds.' }),
  }),
});

export const CopyJobFilterRef = builder.inputType('CopyJobFilter', {
  description:
    'Narrows a list of AWS Backup copy jobs; absent members do not. Members are combined with AND, the words of a list with OR.',
  fields: (t) => ({
    upstreams: t.stringList({ description: 'Only these upstreams, by `Upstream.name`.' }),
    states: t.field({ type: [ActivityStateRef], description: 'Only in one of these states.' }),
    finished: t.boolean({ description: 'Only those that are finished, or only those that are not.' }),
    targetKinds: t.field({
      type: [CopyTargetKindRef],
      description: 'Only to one of these kinds of places; a job’s is VAULT.',
    }),
    startedAfter: t.field({ type: 'DateTime', description: `Created at this time or later. ${window}` }),
    startedBefore: t.field({ type: 'DateTime', description: 'Created before this time.' }),
    endedAfter: t.field({
      type: 'DateTime',
      description: 'Completed at this time or later; leaves out what is not finished.',
    }),
    endedBefore: t.field({ type: 'DateTime', description: 'Completed before this time.' }),
    objectName: t.string({ description: 'Only where this is part of the name; upper and lower case are equal.' }),
    accountIds: t.stringList({ description: 'Only jobs that these accounts own, 12 digits each.' }),
    resourceTypes: t.stringList({ description: 'Only resources of these types, in AWS’s words, such as `EBS`.' }),
    messageCategories: t.stringList({
      description: 'Only with one of these categories, such as `AccessDenied`; upper and lower case are equal.',
    }),
    failureCategories: t.field({ type: [FailureCategoryRef], description: 'Only failures of these kinds.' }),
    composite: t.field({ type: CompositeRef, description: 'Which part of composite jobs; ALL if absent.' }),
  }),
});
