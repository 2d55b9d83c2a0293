/** The longest time that long work may take in one turn of the event loop, in milliseconds. */
const TURN_MS = 0.5;

const later = setImmediate; // the real one, even while a test controls time
const waiting: (() => void)[] = []; // for a turn, in the order of their calls
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
  const next = waiting.shift();
  if (next === undefined) return;
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
export const isTurnWanted = (): boolean => waiting.length > 0;

/** Resolves in a later turn of the event loop, after pending events were handled; in the order of the calls. */
export const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    arm();
  });

/** Does the work for each item, over as many turns of the event loop as needed. */
export const inTurns = async <T>(items: Iterable<T>, work: (item: T) => void): Promise<void> => {
  for (const item of items) {
    if (isTurnSpent()) await nextTurn();
    work(item);
  }
};
