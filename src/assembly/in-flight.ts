import type { ServerResponse } from 'node:http';

/** The requests that are running. */
export const createInFlight = () => {
  const all = new Set<ServerResponse>();
  let emptied = (): void => undefined;
  return {
    enter: (response: ServerResponse): void => {
      all.add(response);
      response.once('close', () => {
        all.delete(response);
        if (all.size === 0) emptied();
      });
    },
    all: (): readonly ServerResponse[] => [...all],
    whenEmpty: (): Promise<void> =>
      new Promise((resolve) => {
        emptied = resolve;
        if (all.size === 0) resolve();
      }),
  };
};
