// V8 makes one hidden class for all objects that are written alike. Before version 12 it makes another for each object
// whose literal begins with a spread and goes on: that takes 2 µs, and what an operation makes is freed late.
import { describe, expect, it } from 'vitest';
import { pageOfParts } from '../src/aggregate/parts.js';
import { micros } from '../src/domain/micros.js';
import { snapshotOf } from '../src/index/ordered.js';
import { piecesOf } from '../src/upstream/aws-backup/known-jobs.js';
import { awsBackupLoaders } from '../src/upstream/aws-backup/loaders.js';
import { cohesityLoaders } from '../src/upstream/cohesity/loaders.js';
import { contextOf } from './support/estate.js';
import { NOW } from './support/estates.js';
import { haveSameHiddenClass } from './support/hidden-class.js';

const SEEN = 200; // calls, after which V8 takes its quick way through a function
const observedAt = micros(NOW);

const madeForEachOperation: Readonly<Record<string, () => unknown>> = {
  'the page of a list within a record': () =>
    pageOfParts('parts', { upstream: 'dc-east', records: [{ id: 'a' }], observedAt, unreadable: 0 }, {}, 10),
  'a piece of a source': () => {
    const known = { kind: 'known' as const, from: 0, to: NOW, observedAt, passes: () => true };
    return piecesOf({ ...known, jobs: snapshotOf([], 0, null) }, { backward: false }).next().value;
  },
  'the loaders of AWS Backup': () => awsBackupLoaders(contextOf([], NOW).session),
  'the loaders of Cohesity': () => cohesityLoaders(contextOf([], NOW).session),
};

describe('V8 has one hidden class', () => {
  it.each(Object.entries(madeForEachOperation))('for %s', (_name, make) => {
    for (let n = 0; n < SEEN; n += 1) make();
    expect(haveSameHiddenClass(Object(make()), Object(make()))).toBe(true);
  });
});
