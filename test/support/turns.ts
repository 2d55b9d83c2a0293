/** Does some work, and counts the turns of the event loop that went by meanwhile, in which others could do theirs. */
export const countTurns = async <T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly turns: number }> => {
  let turns = 0;
  let done = false;
  const next = (): void => {
    turns += 1;
    if (!done) setImmediate(next);
  };
  setImmediate(next);
  try {
    return { result: await work(), turns };
  } finally {
    done = true;
  }
};
