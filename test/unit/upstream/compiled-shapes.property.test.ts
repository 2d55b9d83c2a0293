import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { WireCopyJob } from '../../../src/upstream/aws-backup/copy-job.js';
import { WireProtectionRun } from '../../../src/upstream/cohesity/protection-run.js';
import { createWireReader } from '../../../src/upstream/wire.js';
import { runs } from '../../support/runs.js';
import { wireCopyJob, wireCopyRun, wireRun, wireSource, wireTask } from '../../support/wire.js';

const USES = 1000; // more than a shape needs to be compiled

const run = wireRun({ copyRun: [wireCopyRun(1, { copySnapshotTasks: [wireTask(wireSource(1))] }), wireCopyRun(2)] });

/** The paths to all members of a value. */
const pathsIn = (value: unknown): readonly (readonly string[])[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, member]) => [[name], ...pathsIn(member).map((rest) => [name, ...rest])]);

/** A copy of a value with another member at a path. */
const changed = (value: unknown, [name, ...rest]: readonly string[], member: unknown): unknown => {
  if (name === undefined) return member;
  const before: Readonly<Record<string, unknown>> = { ...Object(value) };
  const after = { ...before, [name]: changed(before[name], rest, member) };
  return Array.isArray(value) ? Object.values(after) : after;
};

const odd = fc.constantFrom(undefined, null, '', 'kNew', '7', 0, -1, 1.5, 7n, 2 ** 60, true, [], [null], {}, [1], NaN);

const shapes: readonly (readonly [string, z.ZodType, object])[] = [
  ['a run', WireProtectionRun, run],
  ['a copy job', WireCopyJob, { ...wireCopyJob('j1'), CreationDate: new Date(), CompletionDate: new Date(0) }],
];

it.each(shapes)(
  '%s is read by its compiled shape as by the shape itself, whatever is odd in it',
  (_what, shape, whole) => {
    const read = createWireReader(shape);
    for (let use = 0; use < USES; use += 1) expect(read(whole).success).toBe(true);
    const change = fc.tuple(fc.constantFrom(...pathsIn(whole)), odd);
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const value = changes.reduce<unknown>((made, [path, member]) => changed(made, path, member), whole);
        const [found, wanted] = [read(value), shape.safeParse(value)];
        expect(found.success).toBe(wanted.success);
        expect(found.data).toEqual(wanted.data);
      }),
      { numRuns: runs(1000) },
    );
  },
);
