import { type ActivityState, type Activity, isFinished } from '../domain/activity.js';
import type { FailureCategory } from '../domain/failure-category.js';
import { builder } from './builder.js';
import { described } from './described.js';
import { NodeRef } from './node.js';
import { upstreamField } from './upstream.js';

export const ActivityStateRef = builder.enumType('ActivityState', {
  description: 'Where an activity stands, in words common to all vendors; `upstreamState` has the vendor’s own.',
  values: described<ActivityState>({
    QUEUED: 'Accepted and waiting. Cohesity kAccepted, AWS CREATED; an AWS job may wait for hours.',
    RUNNING: 'At work. Cohesity kRunning and kFinalizing, AWS RUNNING.',
    CANCELING: 'Asked to stop, and not stopped yet. Cohesity kCanceling.',
    CANCELED: 'Stopped on request. Cohesity kCanceled, also spelled kCancelled. Finished.',
    SUCCEEDED: 'Done, without complaint. Cohesity kSuccess, AWS COMPLETED. Finished.',
    WARNING: 'Done, with warnings. Cohesity kWarning. Finished.',
    PARTIAL: 'Some members of a composite job failed. AWS PARTIAL. Finished.',
    FAILED: 'Not done; `error` has the reason. Cohesity kFailure, AWS FAILED. Finished.',
    ON_HOLD: 'Paused, and may go on. Cohesity kOnHold.',
    MISSED: 'Never started, since its time had passed. Cohesity kMissed. Finished.',
    UNKNOWN: 'A word we do not know, or none; see `upstreamState`. Not counted as finished.',
  }),
});

export const FailureCategoryRef = builder.enumType('FailureCategory', {
  description: 'Why a copy failed, sorted from the vendor’s message and category; coarse enough to count and to route.',
  values: described<FailureCategory>({
    ACCESS: 'A role, login or permission is missing.',
    ENCRYPTION_KEY: 'A key could not be used.',
    TARGET_UNREACHABLE: 'The place to copy to, or the way there, is down.',
    CAPACITY: 'Out of space or over a quota.',
    THROTTLED: 'Asked to slow down.',
    POLICY: 'A rule forbids it: organization, retention, lock, hold.',
    MEDIA: 'A tape is wanted or bad.',
    OTHER: 'Failed, and the message does not say why in words we know.',
  }),
});

export const ActivityRef = builder.interfaceRef<Activity>('Activity').implement({
  description: 'Anything an upstream ran: it has a state and a time span.',
  interfaces: [NodeRef],
  fields: (t) => ({
    state: t.expose('state', { type: ActivityStateRef, description: 'Where it stands.' }),
    upstreamState: t.exposeString('upstreamState', {
      nullable: true,
      description: 'The vendor’s own word, as sent, such as `kFinalizing`; `null` where none was sent.',
    }),
    finished: t.boolean({
      description: 'Whether nothing more will happen. An `UNKNOWN` is not finished.',
      resolve: ({ state }) => isFinished(state),
    }),
    error: t.exposeString('error', {
      nullable: true,
      description:
        'The vendor’s message about a failure, control characters removed, cut at 2,000 characters. For AWS only of a FAILED or PARTIAL job.',
    }),
    failureCategory: t.expose('failureCategory', {
      type: FailureCategoryRef,
      nullable: true,
      description: 'Why it failed; `null` unless the state is FAILED, PARTIAL or WARNING.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it was queued or created, as the vendor counts it; `null` where the vendor does not say. A Cohesity copy without a time of its own has that of its run.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; `null` while it runs, or where the vendor does not say.',
    }),
    upstream: upstreamField(t, 'Where it ran.'),
    observedAt: t.expose('observedAt', { type: 'DateTime', description: 'When the upstream was read.' }),
  }),
});
