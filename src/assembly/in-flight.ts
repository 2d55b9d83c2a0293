import type { ServerResponse } from 'node:http';
import { createPassing } from '../edge/passing.js';

/** The requests that are running. */
export const createInFlight = () => {
  const all = createPassing<ServerResponse>();
  let emptied = (): void => undefined;
  return {
    enter: (response: ServerResponse): void => {
      const leave = all.enter(response);
      response.once('close', () => {
        leave();
        if (all.size() === 0) emptied();
      });
    },
    all: all.all,
    whenEmpty: (): Promise<void> =>
      new Promise((resolve) => {
        emptied = resolve;
        if (all.size() === 0) resolve();
      }),
  };
};
