const EARNED = 2; // counted in tenths, because five times 0.2 is not exactly 1
const PRICE = 10;
const MOST = 100;

/** The number of repeats that may still be made. */
interface RetryBudget {
  /** Counts a first attempt. */
  earn(): void;
  /** Pays for one repeat; `false` if the budget is empty. */
  spend(): boolean;
}

/**
 * Lets at most 20 % of an upstream's calls be repeats over time, so that a failing upstream does not get three times
 * the calls. A call earns 0.2, a repeat costs 1. The budget begins with 10 and never holds more, so that a quiet
 * gateway can repeat failures.
 */
export const createRetryBudget = (): RetryBudget => {
  let left = MOST;
  return {
    earn: () => {
      left = Math.min(MOST, left + EARNED);
    },
    spend: () => {
      if (left < PRICE) return false;
      left -= PRICE;
      return true;
    },
  };
};
