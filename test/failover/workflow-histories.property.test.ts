import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Fate, createModelShared } from '../support/retry-model.js';
import {
  type ModelClusters,
  type WorkflowName,
  createModelClusters,
  startWorkflowReplica,
  workflows,
} from '../support/workflow-model.js';

/** `HISTORIES=5000` for the long run. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 60);
const AT_ONCE = 10;
const MOST_ROUNDS = 5;

const fate = fc.constantFrom<Fate>(
  'taken',
  'taken',
  'taken',
  'taken',
  'taken',
  'taken, answer lost',
  'not taken, answer lost',
  'refused',
  'not sent',
);
const which = fc.nat({ max: 1 });
const workflow = fc.constantFrom<WorkflowName>('planned', 'unplanned', 'unplanned');
const step = fc.constantFrom('INIT', 'LINK', 'LINK', 'ACTIVATE', 'ACTIVATE', 'DEACTIVATE', 'CANCEL' as const);
const take = fc.record({
  kind: fc.constant('take' as const),
  which,
  workflow,
  step,
  part: fc.constantFrom('all', 'first', 'last'),
  at: fc.constantFrom('dc-west', 'dc-east'),
});
const acknowledge = fc.record({ kind: fc.constant('acknowledge' as const), which, workflow, step });
/** The process dies after so many of its next steps; the last of them is done or not. */
const death = fc.record({
  kind: fc.constant('death' as const),
  which,
  steps: fc.integer({ min: 1, max: 9 }),
  last: fc.boolean(),
});
const run = fc.record({ kind: fc.constant('run' as const), ends: fc.constantFrom('succeeded', 'succeeded', 'failed') });
/** A workflow that goes on as it should, one step after the other: otherwise few histories would reach its end. */
const walk = fc.record({ kind: fc.constant('walk' as const), which, workflow, last: fc.integer({ min: 1, max: 4 }) });
const group = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: take },
    { weight: 3, arbitrary: acknowledge },
    { weight: 3, arbitrary: walk },
    { weight: 1, arbitrary: death },
    { weight: 1, arbitrary: run },
  ),
  { minLength: 1, maxLength: 3 },
);
const history = fc.record({
  fates: fc.array(fate, { minLength: 1, maxLength: 7 }),
  shares: fc.boolean(), // two replicas with a Redis; otherwise two processes with one file
  groups: fc.array(group, { minLength: 5, maxLength: 10 }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;
type Event = History['groups'][number][number];

const filesOf = (told: History, folder: string): readonly string[] =>
  [0, 1].map((index) => join(folder, told.shares ? `audit-${index}.jsonl` : 'audit.jsonl'));

type Replica = ReturnType<typeof startWorkflowReplica>;

const idsOf = (name: WorkflowName, part: string): readonly bigint[] => {
  const { ids } = workflows[name];
  return part === 'all' ? ids : part === 'first' ? ids.slice(0, 1) : ids.slice(1);
};

const happen = async (event: Event, replicas: readonly Replica[], model: ModelClusters): Promise<void> => {
  if (event.kind === 'run') {
    model.state.planned = event.ends === 'failed' ? 'failed' : 'succeeded';
    return;
  }
  const replica = replicas[event.which];
  if (event.kind === 'death') replica?.life.dieAfter(event.steps, event.last);
  if (event.kind === 'acknowledge') await replica?.acknowledge(event.step, event.workflow);
  if (event.kind === 'take') {
    const at = event.step === 'CANCEL' ? event.at : event.step === 'DEACTIVATE' ? 'dc-east' : 'dc-west';
    const ids = event.step === 'CANCEL' ? [] : idsOf(event.workflow, event.step === 'INIT' ? 'all' : event.part);
    await replica?.take(event.step, event.workflow, ids, at);
  }
  if (event.kind === 'walk') {
    for (const name of (['INIT', 'LINK', 'ACTIVATE', 'DEACTIVATE'] as const).slice(0, event.last)) {
      await replica?.acknowledge(name, event.workflow);
      await replica?.take(
        name,
        event.workflow,
        idsOf(event.workflow, 'all'),
        name === 'DEACTIVATE' ? 'dc-east' : 'dc-west',
      );
    }
  }
};

/** The faults in what the files alone say, compared with what has happened. */
const judgeFiles = async (told: History, folder: string, model: ModelClusters): Promise<readonly string[]> => {
  const wrong: string[] = [];
  for (const name of Object.keys(workflows) as WorkflowName[]) {
    const loaded = await Promise.all(
      [...new Set(filesOf(told, folder))].map((file) =>
        startWorkflowReplica(model, { file, shared: null, tokens: new Map() }).load(name),
      ),
    );
    const sent = model.requests.filter(
      (one) => one.workflow === name && one.fate !== 'refused' && !model.isDenied(one),
    );
    if (sent.length > 0 && loaded.every((one) => one === null)) wrong.push(`no file knows of ${name}, which was sent`);
    for (const { objects, attempts } of loaded.flatMap((one) => one ?? [])) {
      const known = new Set(attempts.map((one) => one.name));
      // Of two files each knows a part: what it does not know it does not report.
      if (!told.shares && sent.some((one) => !known.has(one.step))) wrong.push(`a step of ${name} is in no file`);
      for (const { replicaObjectId, activated, recoveredObjectId } of objects) {
        if (replicaObjectId === null) continue;
        const isActivated = model.covers('ACTIVATE', name, [replicaObjectId]);
        if (activated === true && !isActivated) wrong.push(`${replicaObjectId} of ${name} is told as activated`);
        if (!told.shares && activated === false && isActivated)
          wrong.push(`${replicaObjectId} of ${name} is told as not activated`);
        if (recoveredObjectId !== null && !model.covers('LINK', name, [replicaObjectId]))
          wrong.push(`${replicaObjectId} of ${name} is told as linked`);
      }
    }
  }
  return wrong;
};

const sent: number[] = []; // requests of each history: a property of none would hold for nothing
const reached = { ACTIVATE: 0, DEACTIVATE: 0, CANCEL: 0 };

const play = async (told: History): Promise<readonly string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-workflows-'));
  try {
    const model = createModelClusters(told.fates, folder);
    const shared = told.shares ? createModelShared() : null;
    const common = new Map<string, string>(); // tokens hold at every replica that shares the secret
    const starts = filesOf(told, folder).map(
      (file) => () => startWorkflowReplica(model, { file, shared, tokens: told.shares ? common : new Map() }),
    );
    const replicas = starts.map((start) => start());
    for (const events of told.groups) {
      await Promise.all(events.map((event) => happen(event, replicas, model)));
      for (const [index, start] of starts.entries())
        if (replicas[index]?.life.isDead() === true) replicas[index] = start();
    }
    sent.push(model.requests.length);
    for (const { step: name } of model.requests) if (name in reached) reached[name as keyof typeof reached] += 1;
    return [...model.requests.flatMap(({ faults }) => faults), ...(await judgeFiles(told, folder, model))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

it(
  'sends one request for a step and its objects, none before its ground, and the files alone tell what happened',
  async () => {
    const failed: string[] = [];
    const playAll = async (seed: number): Promise<void> => {
      const histories = fc.sample(history, { seed, numRuns: HISTORIES });
      const work = async (): Promise<void> => {
        for (let told = histories.shift(); told !== undefined; told = histories.shift()) {
          const wrong = await play(told);
          if (wrong.length > 0) failed.push(`${wrong.join('; ')}\n${JSON.stringify(told)}`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    };
    const isEnough = (): boolean =>
      sent.filter((count) => count > 0).length > HISTORIES / 2 && Object.values(reached).every((count) => count > 0);
    // On a busy machine more steps run out of time, so that fewer histories reach their end.
    for (let round = 0; round === 0 || (round < MOST_ROUNDS && !isEnough()); round += 1)
      await playAll(Number(process.env['FIRST_SEED'] ?? 1) + round);
    const all = sent.reduce((sum, count) => sum + count, 0);
    process.stderr.write(
      `${sent.length} histories of workflows, ${all} requests, of them ${JSON.stringify(reached)}: ${failed.length} failed\n`,
    );
    expect(failed.slice(0, 3)).toEqual([]);
    expect(isEnough()).toBe(true);
  },
  60_000 + MOST_ROUNDS * HISTORIES * 2_000,
);
