import type { Job } from './job.js';
import type { EstateFacts } from './job-factory.js';
import { retentionShowcaseJobs } from './showcase-retention.js';
import { stateShowcaseJobs } from './showcase-states.js';
import { targetShowcaseJobs } from './showcase-targets.js';

/**
 * Jobs whose schedules and outcomes are pinned, so that whatever the seed and the hour the last day holds each
 * state, target and oddity. Where a state must be there at any moment, it lasts longer than the interval between
 * two runs.
 */
export const showcaseJobs = (estate: EstateFacts): readonly Job[] => [
  ...targetShowcaseJobs(estate),
  ...stateShowcaseJobs(estate),
  ...retentionShowcaseJobs(estate),
];
