/** So long one turn of the event loop may be taken by long work, in milliseconds. */
const TURN_MS = 10;

const later = setImmediate; // the real one, also while a test plays with time
const waiting: (() => void)[] = []; // for a turn, in the order of asking
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

/** Resumes one after the other, each with all that follows from it at once, until the turn's time is up. */
const resume = (): void => {
  const next = waiting.shift();
  if (next === undefined) return;
  isTurnSpent(); // so that its time counts from here
  next();
  // A tick comes when no promise has anything left to do.
  queueMicrotask(() => process.nextTick(() => (isTurnSpent() ? arm() : resume())));
};

/** Whether long work has had its time in this turn of the event loop. The time is everyone's, not each loop's. */
export const isTurnSpent = (): boolean => {
  if (began !== null) return performance.now() - began >= TURN_MS;
  began = performance.now();
  arm(); // the next turn begins with none spent
  return false;
};

/** Whether others wait for a turn: work that is to be shared out evenly lets them go first. */
export const isTurnWanted = (): boolean => waiting.length > 0;

/** Resolves in a later turn of the event loop, when what came meanwhile has been seen to; in the order of asking. */
export const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    arm();
  });

/** Does the work for each item, over as many turns of the event loop as that takes. */
export const inTurns = async <T>(items: Iterable<T>, work: (item: T) => void): Promise<void> => {
  for (const item of items) {
    if (isTurnSpent()) await nextTurn();
    work(item);
  }
};
