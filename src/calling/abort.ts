import { setMaxListeners } from 'node:events';

/** An abort controller for many calls at once. Each listens to its signal until it ends, so their number is no leak. */
export const createAbort = (): AbortController => {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
};
