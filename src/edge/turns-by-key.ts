import { createPassingByKey } from './passing.js';

type TurnToBegin = () => Promise<void> | undefined;

/** Requests that wait under one key get one turn, so that all can share what the first of them does. */
export const createTurnsByKey = (turnToBegin: TurnToBegin): ((key: string) => Promise<void> | undefined) => {
  const waiting = createPassingByKey<Promise<void>>();
  return (key) => {
    const known = waiting.get(key);
    if (known !== null) return known;
    const begins = turnToBegin();
    if (begins === undefined) return undefined;
    const turn: Promise<void> = begins.then(() => waiting.delete(key, turn));
    waiting.set(key, turn);
    return turn;
  };
};
