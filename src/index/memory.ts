/** One index among those that share the memory of a process. */
interface Member {
  weight(): number; // records
  shrink(weight: number): void;
}

/** How much all indexes of a process may hold together. */
export interface IndexMemory {
  /** Whether anything may be kept at all. */
  readonly keeps: boolean;
  join(member: Member, upstream?: string): Membership;
  /** The same memory for the indexes of one upstream, so that it can be told what they hold. */
  of(upstream: string): IndexMemory;
  /** What the indexes of an upstream hold, in MiB. */
  megabytes(upstream: string): number;
}

interface Membership {
  /** To be called when it holds more than before. */
  changed(): void;
  leave(): void;
}

/** What one copy takes, its share of its run and its place in the order of lists included; see `npm run bench:large`. */
const BYTES_PER_RECORD = 900;
const LEFT = 0.9; // more than what is too much goes at once, so that this is rare

/** The largest gives way first; what is read again and again costs the most there too. */
export const createIndexMemory = (maxMegabytes: number): IndexMemory => {
  const most = Math.floor((maxMegabytes * 1024 * 1024) / BYTES_PER_RECORD);
  const members = new Map<Member, string | undefined>(); // with the upstream of each
  const total = (): number => [...members.keys()].reduce((sum, member) => sum + member.weight(), 0);
  const memory: IndexMemory = {
    keeps: most > 0,
    of: (upstream) => ({ ...memory, join: (member) => memory.join(member, upstream) }),
    megabytes: (upstream) => {
      const own = [...members].filter(([, name]) => name === upstream);
      return (own.reduce((sum, [member]) => sum + member.weight(), 0) * BYTES_PER_RECORD) / (1024 * 1024);
    },
    join: (member, upstream) => {
      if (most > 0) members.set(member, upstream); // what nothing is kept of ends with its request
      return {
        changed: () => {
          if (most === 0) return;
          const excess = total() - most;
          if (excess <= 0) return;
          const largest = [...members.keys()].reduce((a, b) => (a.weight() >= b.weight() ? a : b));
          largest.shrink(Math.max(0, largest.weight() - excess - Math.floor(most * (1 - LEFT))));
        },
        leave: () => void members.delete(member),
      };
    },
  };
  return memory;
};
