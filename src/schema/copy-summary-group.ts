import { type CopyGroup } from '../domain/copy-summary.js';
import type { DurationSpread } from '../domain/durations.js';
import { ActivityStateRef, FailureCategoryRef } from './activity.js';
import { builder } from './builder.js';
import { CopyTargetKindRef, CopyTargetRef } from './copy-target.js';
import { ProtectedObjectRef } from './protected-object-ref.js';
import { UpstreamRef } from './upstream.js';

const DurationSpreadRef = builder.objectRef<DurationSpread>('DurationSpread').implement({
  description: 'The durations of copies in seconds, by nearest rank: each figure is the duration of one of them.',
  fields: (t) => ({
    p50: t.exposeFloat('p50', { description: 'The median: half of them took at most this long.' }),
    p95: t.exposeFloat('p95', { description: 'The 95th percentile: 95 of 100 took at most this long.' }),
    max: t.exposeFloat('max', { description: 'The longest duration.' }),
  }),
});

/** Begins the last fact of a field that a summary may be grouped by. */
export const unless = '`null` if the summary is not grouped by this';

export const CopySummaryGroupRef = builder.objectRef<CopyGroup>('CopySummaryGroup').implement({
  description: 'Counts, bytes and times of copies: of all, or of those with equal values in the `groupBy` fields.',
  fields: (t) => ({
    state: t.expose('state', {
      type: ActivityStateRef,
      nullable: true,
      description: `The state of the copies. ${unless}.`,
    }),
    upstream: t.field({
      type: UpstreamRef,
      nullable: true,
      description: `The upstream that they ran on. ${unless}.`,
      resolve: ({ upstream }, _args, { session }) =>
        upstream === null ? null : session.clients.get(upstream)?.upstream,
    }),
    targetKind: t.expose('targetKind', {
      type: CopyTargetKindRef,
      nullable: true,
      description: `The kind of place that they go to. ${unless}.`,
    }),
    target: t.expose('target', {
      type: CopyTargetRef,
      nullable: true,
      description: `The place that they go to, under the name that the newest copy has. ${unless}, or if the vendor does not report it.`,
    }),
    hour: t.expose('hour', {
      type: 'DateTime',
      nullable: true,
      description: `The begin of the hour in which they started, or with \`by: ENDED\` ended. ${unless}, or if they have no such time.`,
    }),
    day: t.exposeString('day', {
      nullable: true,
      description: `The day in \`timeZone\` on which they started, or with \`by: ENDED\` ended, such as \`2024-05-01\`. ${unless}, or if they have no such time.`,
    }),
    week: t.exposeString('week', {
      nullable: true,
      description: `The ISO 8601 week in \`timeZone\` in which they started, or with \`by: ENDED\` ended, such as \`2024-W18\`. ${unless}, or if they have no such time.`,
    }),
    protectedObject: t.expose('protectedObject', {
      type: ProtectedObjectRef,
      nullable: true,
      description: `The object that they copy, under the name that the newest copy has. ${unless}, or if the vendor does not report it. Copies that a replica makes count for the owner’s object if the summary has a copy of that object too.`,
    }),
    accountId: t.exposeString('accountId', {
      nullable: true,
      description: `The AWS account that owns the jobs. ${unless}, for Cohesity, or if not sent.`,
    }),
    resourceType: t.exposeString('resourceType', {
      nullable: true,
      description: `AWS’s type of the resource that they copy, such as \`EBS\`. ${unless}, for Cohesity, or if not sent.`,
    }),
    failureCategory: t.expose('failureCategory', {
      type: FailureCategoryRef,
      nullable: true,
      description: `The kind of their failure. ${unless}, or if they did not fail.`,
    }),
    count: t.exposeInt('count', { description: 'The number of copies.' }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'The sum of `CopyOperation.sizeBytes`. `null` if no copy has it.',
    }),
    transferredBytes: t.expose('transferredBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'The sum of `CopyOperation.transferredBytes`. `null` if no copy has it, which is always so for AWS.',
    }),
    copiedBytes: t.expose('copiedBytes', {
      type: 'BigInt',
      nullable: true,
      description:
        'The bytes of the copies that SUCCEEDED or ended in WARNING: the transferred bytes, or if not reported, the size. `null` if no such copy has either.',
    }),
    durationSeconds: t.expose('durationSeconds', {
      type: DurationSpreadRef,
      nullable: true,
      description:
        'The durations of the copies with a `durationSeconds`, in whatever state they ended. `null` if none has it.',
    }),
    bytesPerSecond: t.exposeFloat('bytesPerSecond', {
      nullable: true,
      description:
        'The bytes divided by the seconds, of those copies in `copiedBytes` that have a duration. `null` if there are none.',
    }),
  }),
});
