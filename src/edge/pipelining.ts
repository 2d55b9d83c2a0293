import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Passing, createPassing } from './passing.js';

/** The pending answers of each connection. */
export interface Answers {
  /** To be called for each request on arrival. */
  owe(request: IncomingMessage, response: ServerResponse): void;
  /** Calls `proceed` when all earlier requests of a connection have been answered; never if it closes before. */
  whenGiven(socket: Duplex, proceed: () => void): void;
}

/**
 * A caller may send a request before the previous answer. When the connection closes, Node ends the response being
 * written and forgets those waiting behind it, whose resources would be held for ever. This ends them.
 */
export const watchAnswers = (): Answers => {
  const all = new WeakMap<Duplex, Passing<ServerResponse>>();
  const watch = (socket: Duplex): Passing<ServerResponse> => {
    const owed = createPassing<ServerResponse>();
    all.set(socket, owed);
    socket.once('close', () => {
      for (const response of owed.all()) {
        if (response.socket !== null) continue; // Node ends this one
        response.destroy();
        response.emit('close');
      }
    });
    return owed;
  };
  return {
    owe: ({ socket }, response) => {
      const owed = all.get(socket) ?? watch(socket);
      response.once('close', owed.enter(response));
    },
    whenGiven: (socket, proceed) => {
      const last = all.get(socket)?.all().at(-1);
      if (last === undefined) return proceed();
      const fall = (): void => void socket.destroy();
      socket.on('error', fall); // until another owner listens
      last.once('close', () => {
        if (socket.destroyed) return;
        socket.off('error', fall);
        proceed();
      });
    },
  };
};
