/** More than any realistic number of callers about to authenticate, and few enough for a process to hold. */
export const MOST_STRANGERS = 2000;

/** Connections whose caller is not known yet. */
interface Strangers<Connection> {
  /** Counts a connection; if there are too many, the oldest is cut off. */
  enter(connection: Connection): void;
  /** Its caller is known now, or it has closed. */
  leave(connection: Connection): void;
  all(): Iterable<Connection>;
}

/** They are counted separately, so that callers with a key are not refused because of those without. */
export const createStrangers = <Connection>(
  most: number,
  cut: (connection: Connection) => void,
): Strangers<Connection> => {
  const waiting = new Set<Connection>(); // oldest first
  return {
    enter: (connection) => {
      if (waiting.has(connection)) return;
      const [oldest] = waiting;
      if (oldest !== undefined && waiting.size >= most) {
        waiting.delete(oldest);
        cut(oldest);
      }
      waiting.add(connection);
    },
    leave: (connection) => void waiting.delete(connection),
    all: () => waiting,
  };
};
