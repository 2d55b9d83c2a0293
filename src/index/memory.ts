/** One index among those that share the memory of a process. */
interface Member {
  weight(): number; // in records
  /** Drops the oldest records until the weight is at most this; keeps those that began at or after `keepSince`. */
  shrink(weight: number, keepSince: number): void;
  /** The earliest time in recent requests; `Infinity` for none. */
  neededSince(): number;
  /** If all indexes are needed, the one with the highest rank is cut first; 0 if absent. */
  readonly rank?: number | undefined;
}

/** The memory that all indexes of a process share. */
export interface IndexMemory {
  /** Whether any record may be kept. */
  readonly keeps: boolean;
  join(member: Member, upstream?: string): Membership;
  /** The same memory for the indexes of one upstream, so that their size can be reported. */
  of(upstream: string): IndexMemory;
  /** The size of an upstream's indexes, in MiB. */
  megabytes(upstream: string): number;
}

interface Membership {
  /** To be called after an index has grown. */
  changed(): void;
  leave(): void;
}

/** The bytes of one copy, with its share of its run and its place in the order of lists; see `npm run bench:large`. */
const BYTES_PER_RECORD = 900;
const LEFT = 0.97; // evicts more than needed, so that it happens rarely, and little enough for one turn of the event loop

/**
 * Evicts records outside recent requests first, beginning with the largest index. If that is not enough, it cuts the index
 * of the highest rank: two indexes that each reach half as far back as needed would both be useless.
 */
export const createIndexMemory = (maxMegabytes: number): IndexMemory => {
  const most = Math.floor((maxMegabytes * 1024 * 1024) / BYTES_PER_RECORD);
  const members = new Map<Member, string | undefined>(); // with each one's upstream
  const total = (): number => [...members.keys()].reduce((sum, member) => sum + member.weight(), 0);
  const shrink = (one: Member, keepSince: number): void => {
    const excess = total() - Math.floor(most * LEFT);
    if (excess > 0) one.shrink(Math.max(0, one.weight() - excess), keepSince);
  };
  const memory: IndexMemory = {
    keeps: most > 0,
    of: (upstream) => ({ ...memory, join: (member) => memory.join(member, upstream) }),
    megabytes: (upstream) => {
      const own = [...members].filter(([, name]) => name === upstream);
      return (own.reduce((sum, [member]) => sum + member.weight(), 0) * BYTES_PER_RECORD) / (1024 * 1024);
    },
    join: (member, upstream) => {
      if (most > 0) members.set(member, upstream); // with no memory, an index ends with its request
      return {
        changed: () => {
          if (most === 0 || total() <= most) return;
          const bySize = [...members.keys()].sort((a, b) => b.weight() - a.weight());
          for (const one of bySize) shrink(one, one.neededSince());
          if (total() <= most) return;
          const byRank = bySize.sort((a, b) => (b.rank ?? 0) - (a.rank ?? 0) || b.weight() - a.weight());
          for (const one of byRank) shrink(one, Number.POSITIVE_INFINITY);
        },
        leave: () => void members.delete(member),
      };
    },
  };
  return memory;
};
