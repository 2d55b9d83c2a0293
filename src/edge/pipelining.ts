import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The answers that are still owed to each connection. */
export interface Answers {
  /** Told of each request as it comes. */
  owe(request: IncomingMessage, response: ServerResponse): void;
  /** Calls back when a connection has got all that was asked on it so far; not where it closes before. */
  whenGiven(socket: Duplex, proceed: () => void): void;
}

/**
 * A caller may ask again before the answer has come. When their connection closes, Node ends the response that is being
 * written, and forgets those that wait behind it: what is held until they close would be held for ever. This ends them.
 */
export const watchAnswers = (): Answers => {
  const all = new WeakMap<Duplex, Set<ServerResponse>>();
  const watch = (socket: Duplex): Set<ServerResponse> => {
    const owed = new Set<ServerResponse>();
    all.set(socket, owed);
    socket.once('close', () => {
      for (const response of owed) {
        if (response.socket !== null) continue; // the one that Node ends
        response.destroy();
        response.emit('close');
      }
    });
    return owed;
  };
  return {
    owe: ({ socket }, response) => {
      const owed = all.get(socket) ?? watch(socket);
      owed.add(response);
      response.once('close', () => owed.delete(response));
    },
    whenGiven: (socket, proceed) => {
      const last = [...(all.get(socket) ?? [])].at(-1);
      if (last === undefined) return proceed();
      const fall = (): void => void socket.destroy();
      socket.on('error', fall); // nobody else listens while it belongs to none
      last.once('close', () => {
        if (socket.destroyed) return;
        socket.off('error', fall);
        proceed();
      });
    },
  };
};
