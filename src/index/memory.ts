/** One index among those that share the memory of a process. */
interface Member {
  weight(): number; // records
  shrink(weight: number): void;
}

/** How much all indexes of a process may hold together. */
export interface IndexMemory {
  /** Whether anything may be kept at all. */
  readonly keeps: boolean;
  join(member: Member): {
    /** To be called when it holds more than before. */
    changed(): void;
    leave(): void;
  };
}

/** What one copy takes, its share of its run and its place in the order of lists included; see `npm run bench:large`. */
const BYTES_PER_RECORD = 900;
const LEFT = 0.9; // more than what is too much goes at once, so that this is rare

/** The largest gives way first; what is read again and again costs the most there too. */
export const createIndexMemory = (maxMegabytes: number): IndexMemory => {
  const most = Math.floor((maxMegabytes * 1024 * 1024) / BYTES_PER_RECORD);
  const members = new Set<Member>();
  const total = (): number => [...members].reduce((sum, member) => sum + member.weight(), 0);
  return {
    keeps: most > 0,
    join: (member) => {
      if (most > 0) members.add(member); // what nothing is kept of ends with its request
      return {
        changed: () => {
          if (most === 0) return;
          const excess = total() - most;
          if (excess <= 0) return;
          const largest = [...members].reduce((a, b) => (a.weight() >= b.weight() ? a : b));
          largest.shrink(Math.max(0, largest.weight() - excess - Math.floor(most * (1 - LEFT))));
        },
        leave: () => void members.delete(member),
      };
    },
  };
};
