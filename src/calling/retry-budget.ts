const EARNED = 2; // counted in tenths: five times 0.2 is not quite 1
const PRICE = 10;
const MOST = 100;

/** How many attempts after the first may still be made. */
interface RetryBudget {
  /** A call is made for the first time. */
  earn(): void;
  /** Pays for one attempt more; `false` where there is nothing left to pay with. */
  spend(): boolean;
}

/**
 * Lets at most 20 % of an upstream's calls be repeats over time, so that one that fails is not asked thrice as much as
 * one that is well. A call earns 0.2, a repeat costs 1; it begins with 10 and never holds more, so that a quiet gateway
 * may repeat what fails.
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
