/** The longest time that long work may take in one turn of the event loop, in milliseconds. */
const TURN_MS = 0.5;

/** So many turns of one piece of work go before others: then it counts as long. */
const FEW_TURNS = 8;

/** After so many turns for work that has begun, other work has one. */
const MOST_AHEAD = 4;

/** Of so many turns for long work, one is not for that with the fewest turns. */
const MOST_FOR_FEWEST = 4;

/** No turn counts as less, in milliseconds: clocks are coarse. */
const LEAST_MS = 0.01;

/** Long work makes up for no more than this at once, in milliseconds, or one very long turn would be followed by another. */
const MOST_OWED_MS = 20;

interface LongWork {
  readonly turns: number; // that it has had
  readonly resume: () => void;
}

const later = setImmediate; // the real one, even while a test controls time
// All wait for a turn. Work that has begun goes first: many operations that advance side by side would all hold their
// records, which V8 then has to move, and none would be done early. Long work gets as much time as what has not begun:
// behind all of it, a read would have a turn in each round of operations, and whoever waits for it would wait for long.
const begun: (() => void)[] = [];
const long: LongWork[] = [];
const waiting: (() => void)[] = [];
let ahead = 0; // turns for begun work since another had one
let owed = 0; // the time that long work is behind what has not begun, in milliseconds
let forFewest = 0; // turns for long work since that which had waited longest had one
let began: number | null = null; // when long work began in this turn; null: not yet
let armed = false;

const arm = (): void => {
  if (armed) return;
  armed = true;
  later(() => {
    armed = false;
    began = null;
    resume();
  });
};

/**
 * Of long work, that with the fewest turns goes first, so that a short read is not as late as a longer one. Now and then
 * it is the one that has waited longest, or short reads could hold up a longer one for ever.
 */
const takeLong = (): (() => void) | undefined => {
  forFewest = (forFewest + 1) % MOST_FOR_FEWEST;
  if (forFewest === 0) return long.shift()?.resume;
  const fewest = Math.min(...long.map(({ turns }) => turns));
  const at = long.findIndex(({ turns }) => turns === fewest);
  return long.splice(at, 1)[0]?.resume;
};

type Line = 'begun' | 'long' | 'waiting';

const lineOfNext = (): Line => {
  if (begun.length > 0 && (ahead < MOST_AHEAD || long.length + waiting.length === 0)) return 'begun';
  return long.length > 0 && (owed > 0 || waiting.length === 0) ? 'long' : 'waiting';
};

const takeFrom = (line: Line): (() => void) | undefined => {
  if (line === 'long') return takeLong();
  return (line === 'begun' ? begun : waiting).shift();
};

const note = (line: Line, ms: number): void => {
  ahead = line === 'begun' ? ahead + 1 : 0;
  if (line === 'long') owed = Math.max(owed - ms, 0);
  if (line === 'waiting') owed = long.length === 0 ? 0 : Math.min(owed + ms, MOST_OWED_MS);
};

/** Resumes one after the other, each with everything that follows at once, until the turn's time is up. */
const resume = (): void => {
  const line = lineOfNext();
  const next = takeFrom(line);
  if (next === undefined) return;
  isTurnSpent(); // so that its time counts from here
  const at = performance.now();
  next();
  // A tick runs when no promise has work left.
  queueMicrotask(() =>
    process.nextTick(() => {
      note(line, Math.max(performance.now() - at, LEAST_MS));
      if (isTurnSpent()) arm();
      else resume();
    }),
  );
};

/** Whether long work has used up its time in this turn of the event loop. All loops share that time. */
export const isTurnSpent = (): boolean => {
  if (began !== null) return performance.now() - began >= TURN_MS;
  began = performance.now();
  arm(); // the next turn begins with no time used
  return false;
};

/** Whether others wait for a turn. Work that must share evenly lets them run first. */
export const isTurnWanted = (): boolean => begun.length + long.length + waiting.length > 0;

const turnIn = <Waiting>(line: Waiting[], waitingFor: (resume: () => void) => Waiting): Promise<void> =>
  new Promise((resolve) => {
    line.push(waitingFor(resolve));
    arm();
  });

const alone = (resume: () => void): (() => void) => resume;

/** Resolves in a later turn of the event loop, after pending events were handled; in the order of the calls. */
export const nextTurn = (): Promise<void> => turnIn(waiting, alone);

/** Resolves when work may begin that can wait: at once, unless other work has used up the turn or waits for one. */
export const turnToBegin = (): Promise<void> | undefined => (isTurnWanted() || isTurnSpent() ? nextTurn() : undefined);

/** The turns of one piece of work that has begun. The first few go before other work, as most pieces need no more. */
export const createTurns = (): (() => Promise<void>) => {
  let turns = 0;
  return () => {
    turns += 1;
    return turns <= FEW_TURNS ? turnIn(begun, alone) : turnIn(long, (resume) => ({ turns, resume }));
  };
};

/** Does the work for each item, over as many turns of the event loop as needed. */
export const inTurns = async <T>(items: Iterable<T>, work: (item: T) => void): Promise<void> => {
  const turn = createTurns();
  for (const item of items) {
    if (isTurnSpent()) await turn();
    work(item);
  }
};
