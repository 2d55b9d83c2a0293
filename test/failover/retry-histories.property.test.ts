import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Fate,
  type ModelUpstream,
  createModelShared,
  createModelUpstream,
  startModelReplica,
} from '../support/retry-model.js';

/** `HISTORIES=5000` for the long run. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 100);
const AT_ONCE = 10; // they wait most of the time, for answers that are lost

const keys = ['one', 'two', 'three'] as const;
const fate = fc.constantFrom<Fate>(
  'taken',
  'taken, answer lost',
  'not taken, answer lost',
  'not taken, answer lost',
  'refused',
  'not sent',
);
const which = fc.nat({ max: 1 });
const press = fc.record({
  kind: fc.constant('press' as const),
  which,
  key: fc.constantFrom(...keys),
});
/** The process dies after so many of its next steps; the last of them is done or not. */
const death = fc.record({
  kind: fc.constant('death' as const),
  which,
  steps: fc.integer({ min: 1, max: 9 }),
  last: fc.boolean(),
});
const fails = fc.record({ kind: fc.constant('fails' as const) });
/** Presses of one group are under way at once. */
const group = fc.array(
  fc.oneof({ weight: 6, arbitrary: press }, { weight: 2, arbitrary: death }, { weight: 1, arbitrary: fails }),
  {
    minLength: 1,
    maxLength: 4,
  },
);
const history = fc.record({
  fates: fc.array(fate, { minLength: 1, maxLength: 4 }),
  namesMade: fc.boolean(), // whether the upstream says what it made, as AWS does
  shares: fc.boolean(), // two replicas with a Redis; otherwise two processes with one file
  groups: fc.array(group, { minLength: 2, maxLength: 6 }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

type Replica = ReturnType<typeof startModelReplica>;

const begin = (told: History, folder: string, model: ModelUpstream): readonly (() => Replica)[] => {
  const shared = told.shares ? createModelShared() : null;
  const common = new Map<string, string>(); // tokens hold at every replica that shares the secret
  return [0, 1].map((index) => {
    const file = join(folder, told.shares ? `audit-${index}.jsonl` : 'audit.jsonl');
    return () => startModelReplica(model, { file, shared, tokens: told.shares ? common : new Map() });
  });
};

/** The faults in what happened. */
const judge = ({ requests }: ModelUpstream): readonly string[] => {
  const wrong: string[] = [];
  for (const [index, { key, written, rival }] of requests.entries()) {
    const before = requests.slice(0, index).filter((one) => one.key === key);
    if (before.some((one) => one.fate !== 'refused')) wrong.push(`a second request under ${key}`);
    if (!written) wrong.push(`a request under ${key} that no file had before`);
    if (rival) wrong.push(`a request under ${key} while another may have been taken on`);
  }
  return wrong;
};

const sent: number[] = []; // requests of each history: a property of none would hold for nothing

const play = async (told: History): Promise<readonly string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-retries-'));
  try {
    const model = createModelUpstream(told.fates, told.namesMade, folder);
    const starts = begin(told, folder, model);
    const replicas = starts.map((start) => start());
    for (const replica of replicas) for (const key of keys) await replica.plan(key);
    const wrong: string[] = [];
    const pressAt = async (index: number, key: string): Promise<void> => {
      const result = await replicas[index]?.press(key);
      const taken = model.requests.some((one) => one.key === key && one.fate.startsWith('taken'));
      const isSure =
        typeof result === 'object' && result.__typename === 'CopyRetryAccepted' && result.state === 'REQUESTED';
      if (isSure && !taken) wrong.push(`${key} was called requested, and was not taken on`);
    };
    for (const steps of told.groups) {
      for (const step of steps) {
        if (step.kind === 'fails') model.fail();
        if (step.kind === 'death') replicas[step.which]?.life.dieAfter(step.steps, step.last);
      }
      await Promise.all(steps.flatMap((step) => (step.kind === 'press' ? [pressAt(step.which, step.key)] : [])));
      for (const [index, start] of starts.entries())
        if (replicas[index]?.life.isDead() === true) replicas[index] = start();
    }
    sent.push(model.requests.length);
    return [...wrong, ...judge(model)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

it(
  'sends one request under a key, none beside one that may go on, and none that no file had before',
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
    process.stderr.write(
      `${HISTORIES} histories of retries, ${sent.reduce((sum, count) => sum + count, 0)} requests: ${failed.length} failed\n`,
    );
    expect(failed.slice(0, 3)).toEqual([]);
    expect(sent.filter((count) => count > 0).length).toBeGreaterThan(HISTORIES / 2);
  },
  60_000 + HISTORIES * 2_000,
);
