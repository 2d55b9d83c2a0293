import { type CopyGroup } from '../domain/copy-summary.js';
import type { DurationSpread } from '../domain/durations.js';
import { ActivityStateRef, FailureCategoryRef } from './activity.js';
import { builder } from './builder.js';
import { CopyTargetKindRef, CopyTargetRef } from './copy-target.js';
import { ProtectedObjectRef } from './protected-object-ref.js';
import { UpstreamRef } from './upstream.js';

const DurationSpreadRef = builder.objectRef<DurationSpread>('DurationSpread').implement({
  description: 'How long copies took, in seconds, by nearest rank: each figure is the duration of one of them.',
  fields: (t) => ({
    p50: t.exposeFloat('p50', { description: 'Half of them took at most so long.' }),
    p95: t.exposeFloat('p95', { description: '95 of 100 took at most so long.' }),
    max: t.exposeFloat('max', { description: 'The longest.' }),
  }),
});

/** Of a field that a summary may be grouped by. */
export const unless = '`null` if the summary is not grouped by this';

export const CopySummaryGroupRef = builder.objectRef<CopyGroup>('CopySummaryGroup').implement({
  description: 'Counts, bytes and times of copies: of all, or of those that are alike in what was grouped by.',
  fields: (t) => ({
    state: t.expose('state', {
      type: ActivityStateRef,
      nullable: true,
      description: `The state they are in; ${unless}.`,
    }),
    upstream: t.field({
      type: UpstreamRef,
      nullable: true,
      description: `The upstream they ran on; ${unless}.`,
      resolve: ({ upstream }, _args, { session }) =>
        upstream === null ? null : session.clients.get(upstream)?.upstream,
    }),
    targetKind: t.expose('targetKind', {
      type: CopyTargetKindRef,
      nullable: true,
      description: `The kind of place they go to; ${unless}.`,
    }),
    target: t.expose('target', {
      type: CopyTargetRef,
      nullable: true,
      description: `Where they go to, under the name that the newest of them has; ${unless}, and for copies whose vendor does not say.`,
    }),
    hour: t.expose('hour', {
      type: 'DateTime',
      nullable: true,
      description: `When the hour began that they started in (with \`by: ENDED\`, ended in); ${unless}, and for copies without that time.`,
    }),
    day: t.exposeString('day', {
      nullable: true,
      description: `The day in \`timeZone\` that they started on (with \`by: ENDED\`, ended on), such as \`2024-05-01\`; ${unless}, and for copies without that time.`,
    }),
    week: t.exposeString('week', {
      nullable: true,
      description: `The week by ISO 8601 in \`timeZone\` that they started in (with \`by: ENDED\`, ended in), such as \`2024-W18\`; ${unless}, and for copies without that time.`,
    }),
    protectedObject: t.expose('protectedObject', {
      type: ProtectedObjectRef,
      nullable: true,
      description: `What they are copies of, under the name that the newest of them has; ${unless}, and for copies whose vendor does not say. What a replica copies on counts for the owner’s object if a copy of that is in the summary too.`,
    }),
    accountId: t.exposeString('accountId', {
      nullable: true,
      description: `The AWS account that owns the jobs; ${unless}, and for Cohesity.`,
    }),
    resourceType: t.exposeString('resourceType', {
      nullable: true,
      description: `AWS’s word for what they are copies of, such as \`EBS\`; ${unless}, and for Cohesity.`,
    }),
    failureCategory: t.expose('failureCategory', {
      type: FailureCategoryRef,
      nullable: true,
      description: `Why they failed; ${unless}, and for those that did not.`,
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
    copiedBytes: t.expose('copiedBytes', {
      type: 'BigInt',
      nullable: true,
      description:
        'The bytes of the copies that SUCCEEDED or ended in WARNING: what was transferred where the vendor tells it, otherwise the size. `null` where none tells either.',
    }),
    durationSeconds: t.expose('durationSeconds', {
      type: DurationSpreadRef,
      nullable: true,
      description:
        'How long those took that have ended, from `startedAt` to `endedAt`, whatever their state; `null` where none has both times.',
    }),
    bytesPerSecond: t.exposeFloat('bytesPerSecond', {
      nullable: true,
      description:
        'How fast it went: the bytes over the seconds of the copies that are in `copiedBytes` and have a duration. `null` where there are none.',
    }),
  }),
});
