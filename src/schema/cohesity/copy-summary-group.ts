import { cohesityLoaders } from '../../upstream/cohesity/loaders.js';
import { builder } from '../builder.js';
import { CopySummaryGroupRef, unless } from '../copy-summary-group.js';
import { ProtectionJobRef } from './protection-job.js';

builder.objectField(CopySummaryGroupRef, 'protectionJob', (t) =>
  t.field({
    type: ProtectionJobRef,
    nullable: true,
    description: `The Cohesity job whose runs they copy. ${unless}, for AWS, or if the job is gone. Costs one call for all jobs of a cluster together.`,
    resolve: ({ protectionJob }, _args, { session }) =>
      protectionJob === null
        ? null
        : cohesityLoaders(session).protectionJob.load({
            upstream: protectionJob.upstream,
            id: protectionJob.jobId.toString(),
          }),
  }),
);
