import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Fate, createModelShared } from '../support/retry-model.js';
import {
  type ModelCluster,
  type ViewRequest,
  actionOfKey,
  createModelCluster,
  startViewReplica,
} from '../support/view-model.js';

/** `HISTORIES=5000` for the long run. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 60);
const AT_ONCE = 10; // they wait most of the time, for answers that are lost

const keys = ['p1', 'p2', 'p3', 'f1', 'f2'] as const;
const fate = fc.constantFrom<Fate>(
  'taken',
  'taken',
  'taken',
  'taken',
  'taken, answer lost',
  'taken, answer lost',
  'not taken, answer lost',
  'refused',
  'not sent',
);
const which = fc.nat({ max: 1 });
const press = fc.record({ kind: fc.constant('press' as const), which, key: fc.constantFrom(...keys) });
/** The process dies after so many of its next steps; the last of them is done or not. */
const death = fc.record({
  kind: fc.constant('death' as const),
  which,
  steps: fc.integer({ min: 1, max: 9 }),
  last: fc.boolean(),
});
const ends = fc.record({ kind: fc.constant('ends' as const), well: fc.constantFrom(true, true, true, false) });
/** Presses of one group are under way at once, after what goes on has ended where the group says so. */
const group = fc.array(
  fc.oneof({ weight: 6, arbitrary: press }, { weight: 2, arbitrary: death }, { weight: 3, arbitrary: ends }),
  { minLength: 1, maxLength: 4 },
);
const history = fc.record({
  fates: fc.array(fate, { minLength: 1, maxLength: 4 }),
  shares: fc.boolean(), // two replicas with a Redis; otherwise two processes with one file
  groups: fc.array(group, { minLength: 6, maxLength: 12 }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

const filesOf = (told: History, folder: string): readonly string[] =>
  [0, 1].map((index) => join(folder, told.shares ? `audit-${index}.jsonl` : 'audit.jsonl'));

const begin = (told: History, folder: string, model: ModelCluster) => {
  const shared = told.shares ? createModelShared() : null;
  const common = new Map<string, string>(); // tokens hold at every replica that shares the secret
  return filesOf(told, folder).map(
    (file) => () => startViewReplica(model, { file, shared, tokens: told.shares ? common : new Map() }),
  );
};

/** The faults in what the cluster was asked. */
const judge = (requests: readonly ViewRequest[]): readonly string[] =>
  requests.flatMap(({ key, written, rival, grounded }, index) => [
    ...(requests.slice(0, index).some((one) => one.key === key && one.fate !== 'refused')
      ? [`a second request under ${key}`]
      : []),
    ...(written ? [] : [`a request under ${key} that no file had before`]),
    ...(rival ? [`a request under ${key} while another may have been under way`] : []),
    ...(grounded ? [] : [`a FINALIZE under ${key} without a PREPARE that succeeded`]),
  ]);

/** The faults in what the files alone say of each key, compared with what has happened. */
const judgeFiles = async (told: History, folder: string, model: ModelCluster): Promise<readonly string[]> => {
  const wrong: string[] = [];
  for (const { key, madeId, fate: was } of model.requests.filter((one) => one.fate !== 'refused')) {
    const loaded = await Promise.all(
      [...new Set(filesOf(told, folder))].map((file) =>
        startViewReplica(model, { file, shared: null, tokens: new Map() }).load(key),
      ),
    );
    const known = loaded.filter((one) => one !== null);
    if (known.length !== 1) wrong.push(`${known.length} files know of ${key}, which was sent: ${was}`);
    for (const { action, listed } of known) {
      if (action !== actionOfKey(key)) wrong.push(`${key} is told as ${action}`);
      // Two files each know a half: where an answer was lost, the other's steps may be taken for it.
      if (!told.shares && (listed?.failoverId ?? null) !== madeId)
        wrong.push(`${key} is told as ${listed?.failoverId}, and was made as ${madeId}`);
    }
  }
  const lines = [...new Set(filesOf(told, folder))].flatMap((file) => {
    try {
      return readFileSync(file, 'utf8').trim().split('\n');
    } catch {
      return []; // nothing was pressed there
    }
  });
  for (const record of lines.filter((line) => line !== '').map((line) => JSON.parse(line))) {
    if (record.outcome !== 'accepted') continue;
    const made = model.requests.find(({ madeId }) => madeId === record.madeId);
    if (made === undefined || `viewFailover:${made.key}` !== record.key)
      wrong.push(`${record.key} is told as accepted`);
  }
  return wrong;
};

const sent: number[] = []; // requests of each history: a property of none would hold for nothing
const finalized: number[] = [];

const play = async (told: History): Promise<readonly string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-views-'));
  try {
    const model = createModelCluster(told.fates, folder);
    const starts = begin(told, folder, model);
    const replicas = starts.map((start) => start());
    const wrong: string[] = [];
    const pressAt = async (index: number, key: string): Promise<void> => {
      const result = await replicas[index]?.press(key);
      if (typeof result !== 'object' || result.__typename !== 'ViewFailoverAccepted') return;
      const { listed } = result.failover;
      const made = model.requests.find((one) => one.key === key && one.fate !== 'refused')?.madeId ?? null;
      if (listed !== null && listed.failoverId !== made) wrong.push(`${key} was answered with ${listed.failoverId}`);
    };
    for (const steps of told.groups) {
      for (const step of steps) {
        if (step.kind === 'ends') model.settle(step.well ? 'SUCCEEDED' : 'FAILED');
        if (step.kind === 'death') replicas[step.which]?.life.dieAfter(step.steps, step.last);
      }
      await Promise.all(steps.flatMap((step) => (step.kind === 'press' ? [pressAt(step.which, step.key)] : [])));
      for (const [index, start] of starts.entries())
        if (replicas[index]?.life.isDead() === true) replicas[index] = start();
    }
    sent.push(model.requests.length);
    finalized.push(model.requests.filter(({ action }) => action === 'FINALIZE').length);
    return [...wrong, ...judge(model.requests), ...(await judgeFiles(told, folder, model))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

it(
  'sends one request under a key, no step before its ground, and the files alone tell what happened',
  async () => {
    const histories = fc.sample(history, { seed: Number(process.env['FIRST_SEED'] ?? 1), numRuns: HISTORIES });
    const failed: string[] = [];
    const work = async (): Promise<void> => {
      for (let told = histories.shift(); told !== undefined; told = histories.shift()) {
        const wrong = await play(told);
        if (wrong.length > 0) failed.push(`${wrong.join('; ')}\n${JSON.stringify(told)}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
    process.stderr.write(
      `${HISTORIES} histories of views, ${sum(sent)} requests, ${sum(finalized)} of them FINALIZE: ${failed.length} failed\n`,
    );
    expect(failed.slice(0, 3)).toEqual([]);
    expect(sent.filter((count) => count > 0).length).toBeGreaterThan(HISTORIES / 2);
    expect(sum(finalized)).toBeGreaterThan(0);
  },
  60_000 + HISTORIES * 2_000,
);
