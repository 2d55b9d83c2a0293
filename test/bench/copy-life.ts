import { setTimeout as wait } from 'node:timers/promises';
import { type Seen, startFake } from '../support/fake.js';
import { cluster, wireCopyJob, wireCopyRun, wireRunOf } from '../support/wire.js';

/** Protection jobs of the cluster `cluster`, and accounts of the endpoint `aws`; numbered from 1. */
export const GROUPS = 50;
const IN_GROUP = 10; // copies of each that run
const MOVES_A_SECOND = 200; // of the 1,000: each moves every five seconds
const ENDS_A_SECOND = 4; // of each product; as many begin

export interface Copy {
  readonly id: string; // ours
  readonly group: number;
  readonly number: number;
  moved: number;
  done: boolean;
}

type Kind = 'run' | 'job';

export const accountOf = (group: number): string => String(100_000_000_000 + group);

/** Two fakes with 1,000 running copies between them, which move, end and begin while `live` goes on. */
export const startCopyLife = async () => {
  const startedAt = Math.round(Date.now() / 1000) * 1_000_000 - 3_600_000_000;
  const copies: Record<Kind, Copy[]> = { run: [], job: [] };
  const happened = new Map<string, number>();
  const served = new Set<string>();
  let number = 0;

  const begin = (kind: Kind, group: number): void => {
    number += 1;
    const task = `${cluster.clusterId}:${cluster.clusterIncarnationId}:${number}`;
    const id = kind === 'run' ? `CopyRun:cluster:${group}:${startedAt + group}:${task}` : `CopyJob:aws:J${number}`;
    copies[kind].push({ id, group, number, moved: 1, done: false });
    happened.set(`${id} 1`, performance.now());
  };

  const move = (copy: Copy | undefined, done = false): void => {
    if (copy === undefined || copy.done) return;
    copy.moved += 1;
    copy.done = done;
    happened.set(`${copy.id} ${copy.moved}`, performance.now());
  };

  const running = (kind: Kind): readonly Copy[] => copies[kind].filter(({ done }) => !done);

  const live = async (signal: AbortSignal): Promise<void> => {
    for (let tenth = 0; !signal.aborted; tenth += 1) {
      const all = [...running('run'), ...running('job')];
      const share = all.length / (MOVES_A_SECOND / 10);
      // Each in its turn, so that hardly any moves twice between two polls.
      for (let index = 0; index < MOVES_A_SECOND / 10; index += 1)
        move(all[(tenth + Math.floor(index * share)) % all.length]);
      for (const kind of tenth % 10 === 0 ? (['run', 'job'] as const) : []) {
        for (let index = 0; index < ENDS_A_SECOND; index += 1) {
          const some = running(kind);
          const copy = some[Math.floor(Math.random() * some.length)];
          move(copy, true);
          begin(kind, copy?.group ?? 1);
        }
      }
      await wait(100, undefined, { signal }).catch(() => undefined);
    }
  };

  const serve = (copy: Copy): Copy => {
    served.add(`${copy.id} ${copy.moved}`);
    return copy;
  };

  const runOf = (group: number) =>
    wireRunOf(group, startedAt + group, {
      copyRun: copies.run
        .filter((copy) => copy.group === group)
        .map(serve)
        .map((copy) =>
          wireCopyRun(copy.number, {
            status: copy.done ? 'kSuccess' : 'kRunning',
            runStartTimeUsecs: startedAt + group,
            stats: { logicalSizeBytes: 1_000_000, logicalBytesTransferred: copy.moved },
          }),
        ),
    });

  const jobsOf = ({ query }: Seen) => {
    const all = copies.job.map(serve).map((copy) =>
      wireCopyJob(`J${copy.number}`, {
        State: copy.done ? 'COMPLETED' : 'RUNNING',
        AccountId: accountOf(copy.group),
        CreationDate: startedAt / 1_000_000,
        CompletionDate: undefined,
        BackupSizeInBytes: copy.moved,
      }),
    );
    const from = Number(query.get('nextToken') ?? '0');
    const to = from + Number(query.get('maxResults') ?? '1000');
    return { CopyJobs: all.slice(from, to), ...(to < all.length ? { NextToken: String(to) } : {}) };
  };

  const groups = Array.from({ length: GROUPS }, (_, index) => index + 1);
  for (const group of groups) {
    for (let index = 0; index < IN_GROUP; index += 1) {
      begin('run', group);
      begin('job', group);
    }
  }
  const nothing = { status: 404, body: {} };
  return {
    cohesity: await startFake(({ path }) => (path.endsWith('/protectionRuns') ? { body: groups.map(runOf) } : nothing)),
    aws: await startFake((seen) => (/^\/copy-jobs\/?$/.test(seen.path) ? { body: jobsOf(seen) } : nothing)),
    live,
    copies: (): readonly Copy[] => [...copies.run, ...copies.job],
    /** When a copy came to have moved so much, by `performance.now()`. */
    happenedAt: (id: string, moved: number): number | undefined => happened.get(`${id} ${moved}`),
    /** Whether an answer ever showed it so. */
    wasServed: (id: string, moved: number): boolean => served.has(`${id} ${moved}`),
  };
};
