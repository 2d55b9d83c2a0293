const RUNS = 7;

/** The processor time of work in this process, in milliseconds; the rest of the machine has little effect. */
export const costOf = async (work: () => unknown): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/** How many times as long one work takes as another, which must not be nothing: the least of several runs of each. */
export const timesAsLong = (work: () => unknown, other: () => unknown): number => {
  const leastOf = (one: () => unknown): number =>
    Math.min(
      ...Array.from({ length: RUNS }, () => {
        const { user, system } = process.cpuUsage();
        one();
        const after = process.cpuUsage({ user, system });
        return (after.user + after.system) / 1000;
      }),
    );
  leastOf(other); // compiled by now
  return leastOf(work) / Math.max(leastOf(other), 0.05);
};
