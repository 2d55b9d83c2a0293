import { z } from 'zod';
import { type ActivityState } from '../../../src/domain/activity.js';
import type { CopyOperation } from '../../../src/domain/copy-operation.js';
import { createTarget } from '../../../src/domain/copy-target.js';
import { type Micros, micros } from '../../../src/domain/micros.js';
import { activity, operation, record } from '../../../src/cache/shapes.js';

/** A copy as the imaginary vendor sends it; times are milliseconds. */
export const WireExampleCopy = z.object({
  no: z.number().int(),
  disk: z.string(),
  phase: z.string(),
  begun: z.number(),
  done: z.number().nullish(),
  bytes: z.number().nullish(),
  site: z.string().nullish(),
});

export interface ExampleCopy extends CopyOperation {
  readonly __typename: 'ExampleCopy';
  readonly disk: string;
}

/** A copy as it is sent from one replica to another. */
export const exampleCopyShape = record<ExampleCopy>({
  ...activity,
  ...operation,
  __typename: z.literal('ExampleCopy'),
  disk: z.string(),
});

const states: Readonly<Record<string, ActivityState>> = {
  waiting: 'QUEUED',
  copying: 'RUNNING',
  ok: 'SUCCEEDED',
  bad: 'FAILED',
};

const fromMillis = (millis: number): Micros => micros(millis * 1000);

/** Total: a phase that the vendor adds later becomes `UNKNOWN`. */
export const toExampleCopy = (
  { no, disk, phase, begun, done, bytes, site }: z.infer<typeof WireExampleCopy>,
  upstream: string,
  observedAt: Micros,
): ExampleCopy => ({
  __typename: 'ExampleCopy',
  id: `ExampleCopy:${upstream}:${no}`,
  upstream,
  name: disk,
  disk,
  state: states[phase] ?? 'UNKNOWN',
  upstreamState: phase,
  error: null,
  failureCategory: phase === 'bad' ? 'OTHER' : null,
  startedAt: fromMillis(begun),
  endedAt: typeof done === 'number' ? fromMillis(done) : null,
  observedAt,
  target: createTarget(upstream, 'UNKNOWN', null, site ?? null),
  offsite: true,
  sizeBytes: typeof bytes === 'number' ? BigInt(bytes) : null,
  transferredBytes: null,
  expiresAt: null,
});
