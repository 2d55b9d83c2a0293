import type { Job } from './job.js';
import type { EstateFacts } from './job-factory.js';
import { retentionShowcaseJobs } from './showcase-retention.js';
import { stateShowcaseJobs } from './showcase-states.js';
import { targetShowcaseJobs } from './showcase-targets.js';

/**
 * Jobs with fixed schedules and outcomes, so that the last day always contains each state, target and oddity. If a
 * state must exist at any moment, it lasts longer than the interval between two runs.
 */
export const showcaseJobs = (estate: EstateFacts): readonly Job[] => [
  ...targetShowcaseJobs(estate),
  ...stateShowcaseJobs(estate),
  ...retentionShowcaseJobs(estate),
];
