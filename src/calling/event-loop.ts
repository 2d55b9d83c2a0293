/** The longest time that long work may take in one turn of the event loop, in milliseconds. */
const TURN_MS = 0.5;

/** So many turns of one piece of work go before others: then it counts as long. */
const FEW_TURNS = 8;

/** After so many turns for work that has begun, other work has one. */
const MOST_AHEAD = 4;

const later = setImmediate; // the real one, even while a test controls time
// Both wait for a turn, each in the order of their calls. Work that has begun goes first: many operations that advance
// side by side would all hold their records, which V8 then has to move, and none would be done early.
const begun: (() => void)[] = [];
const waiting: (() => void)[] = [];
let ahead = 0; // turns for begun work since another had one
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

/** Resumes one after the other, each with everything that follows at once, until the turn's time is up. */
const resume = (): void => {
  const isAhead = begun.length > 0 && (ahead < MOST_AHEAD || waiting.length === 0);
  const next = (isAhead ? begun : waiting).shift();
  if (next === undefined) return;
  ahead = isAhead ? ahead + 1 : 0;
  isTurnSpent(); // so that its time counts from here
  next();
  // A tick runs when no promise has work left.
  queueMicrotask(() => process.nextTick(() => (isTurnSpent() ? arm() : resume())));
};

/** Whether long work has used up its time in this turn of the event loop. All loops share that time. */
export const isTurnSpent = (): boolean => {
  if (began !== null) return performance.now() - began >= TURN_MS;
  began = performance.now();
  arm(); // the next turn begins with no time used
  return false;
};

/** Whether others wait for a turn. Work that must share evenly lets them run first. */
export const isTurnWanted = (): boolean => begun.length + waiting.length > 0;

const turnIn = (line: (() => void)[]): Promise<void> =>
  new Promise((resolve) => {
    line.push(resolve);
    arm();
  });

/** Resolves in a later turn of the event loop, after pending events were handled; in the order of the calls. */
export const nextTurn = (): Promise<void> => turnIn(waiting);

/** Resolves when work may begin that can wait: at once, unless other work has used up the turn or waits for one. */
export const turnToBegin = (): Promise<void> | undefined => (isTurnWanted() || isTurnSpent() ? nextTurn() : undefined);

/** The turns of one piece of work that has begun. The first few go before other work, as most pieces need no more. */
export const createTurns = (): (() => Promise<void>) => {
  let turns = 0;
  return () => {
    turns += 1;
    return turnIn(turns <= FEW_TURNS ? begun : waiting);
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
