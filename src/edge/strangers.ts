/** More than any number of callers who are about to say who they are, and no more than a process can hold. */
export const MOST_STRANGERS = 2000;

/** Connections that have not yet said whose they are. */
interface Strangers<Connection> {
  /** Counts one; where there are too many, the oldest is cut off for it. */
  enter(connection: Connection): void;
  /** It has said whose it is, or is gone. */
  leave(connection: Connection): void;
}

/** They count apart, so that nobody who has a key is turned away for those who have none. */
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
  };
};
