import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { micros } from '../../../src/domain/micros.js';
import { figuresOf } from '../../../src/watch/figures.js';
import { type Look, nothingSeen, remember } from '../../../src/watch/memory.js';
import { jobOf, toJob } from '../../support/estate.js';
import { NOW } from '../../support/estates.js';

const at = micros(NOW);
const times = { stalledMicros: 60_000_000, offsiteLagSeconds: 3600 };
const job = toJob('aws-prod', jobOf('one', NOW - 60_000_000));
const copies = Array.from({ length: 50_000 }, (_, nth) => ({ ...job, id: `CopyJob:aws-prod:${nth}` }));
const look: Look = {
  upstream: 'aws-prod',
  at,
  copies,
  isUp: true,
  hours: 48,
  isWhole: true,
  objects: null,
};

it.each([
  ['remembering', async () => (await remember(nothingSeen(at), look, times)).memory.copies.size],
  ['counting', async () => (await figuresOf(look, new Set())).unfinished[0]?.count],
])('%s the copies of a large upstream lets requests have their turns', async (_name, work) => {
  let [turns, isDone] = [0, false];
  const working = work().finally(() => (isDone = true));
  while (!isDone) {
    await turn();
    turns += 1;
  }
  expect(await working).toBe(copies.length);
  expect(turns).toBeGreaterThan(2);
});
