import DataLoader from 'dataloader';
import type { ProtectionRun } from '../../domain/protection-run.js';
import type { RunKey } from '../../domain/run-key.js';
import { settle } from '../../calling/outcome.js';
import { type RunDetail, runDetails } from './run-index.js';

/** A run, and the detail wanted of it. */
interface RunPartKey {
  readonly run: RunKey;
  readonly part: RunDetail;
}

interface RunLoader {
  /** Uses `onlyReturnShellInfo` if only the shell is wanted. Runs that a list returned cost nothing. */
  load(key: RunPartKey): Promise<ProtectionRun | null>;
  /** A run that a list returned, in this detail at least. */
  atHand(key: RunPartKey): ProtectionRun | null;
  /** Stores the runs of a list, read in this detail. */
  prime(runs: readonly ProtectionRun[], detail: RunDetail): void;
  /** Forgets one run. */
  clear(run: RunKey): void;
  clearAll(): void;
}

const textOf = ({ upstream, jobId, startTimeUsecs }: RunKey): string => `${upstream} ${jobId} ${startTimeUsecs}`;

/** The details that a run has. A read without tasks may contain them all the same. */
const detailsOf = ({ copyRuns }: ProtectionRun, read: RunDetail): readonly RunDetail[] => {
  const hasTasks = copyRuns.length > 0 && copyRuns.every(({ tasks }) => tasks !== null);
  return hasTasks ? runDetails : runDetails.slice(0, runDetails.indexOf(read) + 1);
};

type ReadRun = (key: RunKey, shellOnly: boolean) => Promise<ProtectionRun | null>;

/** One `protectionRuns` call for each run, which brings its shell, copy runs and tasks. */
const createSingle = (read: ReadRun): DataLoader<RunPartKey, ProtectionRun | null, string> => {
  const single = new DataLoader<RunPartKey, ProtectionRun | null, string>(
    async (keys) => {
      const whole = new Set(keys.filter(({ part }) => part !== 'shell').map(({ run }) => textOf(run)));
      const runs = new Map(keys.map(({ run }) => [textOf(run), run]));
      const outcomes = new Map(
        await Promise.all(
          [...runs].map(async ([text, run]) => [text, await settle(read(run, !whole.has(text)))] as const),
        ),
      );
      for (const [text, run] of runs) {
        const found = outcomes.get(text) ?? null;
        if (found instanceof Error) continue;
        for (const part of whole.has(text) ? runDetails : (['shell'] as const)) single.prime({ run, part }, found);
      }
      return keys.map(({ run }) => outcomes.get(textOf(run)) ?? null);
    },
    { cacheKeyFn: ({ run, part }) => `${textOf(run)} ${part}` },
  );
  return single;
};

/**
 * Single runs by their key: `jobId` and `startTimeUsecs` together identify a run, and neither parameter accepts a list.
 */
export const createRunLoader = (read: ReadRun): RunLoader => {
  const single = createSingle(read);
  let lists: (readonly [runs: readonly ProtectionRun[], detail: RunDetail])[] = []; // most are never needed by key
  const listed = new Map<string, Map<RunDetail, ProtectionRun>>();

  const unpack = (): void => {
    for (const [runs, detail] of lists)
      for (const run of runs) {
        const known = listed.get(textOf(run.run)) ?? new Map<RunDetail, ProtectionRun>();
        for (const has of detailsOf(run, detail)) if (!known.has(has)) known.set(has, run);
        listed.set(textOf(run.run), known);
      }
    lists = [];
  };

  const atHand: RunLoader['atHand'] = ({ run, part }) => {
    unpack();
    return listed.get(textOf(run))?.get(part) ?? null;
  };

  return {
    atHand,
    load: async (key) => atHand(key) ?? single.load(key),
    prime: (runs, detail) => void lists.push([runs, detail]),
    clear: (run) => {
      unpack();
      listed.delete(textOf(run));
      for (const part of runDetails) single.clear({ run, part });
    },
    clearAll: () => {
      lists = [];
      listed.clear();
      single.clearAll();
    },
  };
};
