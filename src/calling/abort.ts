import { setMaxListeners } from 'node:events';
import { createLightAbort } from '../domain/light-abort.js';

/** An abort controller for many calls at once. Each listens to its signal until it ends, so their number is no leak. */
export const createAbort = (): AbortController => {
  const controller = createLightAbort();
  setMaxListeners(0, controller.signal);
  return controller;
};
