import { type ActivityState, type Activity, isFinished } from '../domain/activity.js';
import type { FailureCategory } from '../domain/failure-category.js';
import { builder } from './builder.js';
import { described } from './described.js';
import { NodeRef } from './node.js';
import { upstreamField } from './upstream.js';

export const ActivityStateRef = builder.enumType('ActivityState', {
  description: 'The state of an activity, in words common to all vendors. `upstreamState` has the vendor’s own.',
  values: described<ActivityState>({
    QUEUED: 'Accepted and waiting. Cohesity kAccepted, AWS CREATED. An AWS job may wait for hours.',
    RUNNING: 'In progress. Cohesity kRunning and kFinalizing, AWS RUNNING.',
    CANCELING: 'Asked to stop, but not stopped yet. Cohesity kCanceling.',
    CANCELED: 'Stopped on request. Cohesity kCanceled, also spelled kCancelled. Finished.',
    SUCCEEDED: 'Done, without warnings. Cohesity kSuccess, AWS COMPLETED. Finished.',
    WARNING: 'Done, with warnings. Cohesity kWarning. Finished.',
    PARTIAL: 'Some members of a composite job failed. AWS PARTIAL. Finished.',
    FAILED: 'Not done. `error` has the vendor’s message, if there is one. Cohesity kFailure, AWS FAILED. Finished.',
    ON_HOLD: 'Paused, and may continue. Cohesity kOnHold.',
    MISSED: 'Never started, because its time had passed. Cohesity kMissed. Finished.',
    UNKNOWN:
      'A state that this version does not know, or none was sent; see `upstreamState`. Does not count as finished.',
  }),
});

export const FailureCategoryRef = builder.enumType('FailureCategory', {
  description:
    'The kind of a failure, worked out from the vendor’s message and category. Coarse enough to count and to route.',
  values: described<FailureCategory>({
    ACCESS: 'A role, login or permission is missing.',
    ENCRYPTION_KEY: 'A key could not be used.',
    TARGET_UNREACHABLE: 'The target, or the network to it, is down.',
    CAPACITY: 'Out of space or over a quota.',
    THROTTLED: 'Too many requests or copies at once.',
    POLICY:
      'A rule forbids it: organization, retention, lock or hold. Also a feature that is not enabled or not supported.',
    MEDIA: 'A tape is missing or faulty.',
    OTHER: 'The message fits no other category.',
  }),
});

export const ActivityRef = builder.interfaceRef<Activity>('Activity').implement({
  description: 'Work that an upstream does or did. It has a state and a time span.',
  interfaces: [NodeRef],
  fields: (t) => ({
    state: t.expose('state', { type: ActivityStateRef, description: 'Its state, in words common to all vendors.' }),
    upstreamState: t.exposeString('upstreamState', {
      nullable: true,
      description: 'The vendor’s own state, as sent, such as `kFinalizing`. `null` if none was sent.',
    }),
    finished: t.boolean({
      description: 'Whether it is over, well or not. `UNKNOWN` does not count as finished.',
      resolve: ({ state }) => isFinished(state),
    }),
    error: t.exposeString('error', {
      nullable: true,
      description:
        'The vendor’s message about a failure, at most 2,000 characters. Control characters become spaces, and text that resembles a credential becomes `[redacted]`. For AWS only of a FAILED or PARTIAL job.',
    }),
    failureCategory: t.expose('failureCategory', {
      type: FailureCategoryRef,
      nullable: true,
      description: 'The kind of failure. `null` unless the state is FAILED, PARTIAL or WARNING.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it was queued or created, as the vendor reports it. `null` if the vendor does not. A `CopyRun` without a start has that of its run; a run without one has that of its first copy.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended. `null` while it runs, or if the vendor does not report it.',
    }),
    upstream: upstreamField(t, 'The upstream that ran it.'),
    observedAt: t.expose('observedAt', {
      type: 'DateTime',
      description: 'When the gateway read it from the upstream.',
    }),
  }),
});
