import { Registry, collectDefaultMetrics } from 'prom-client';

let ofProcess: Registry | null = null;

/**
 * The metrics of Node and its process, collected once for all servers. prom-client never ends its observers of garbage
 * collection and of the event loop, and they keep what is registered beside them.
 */
export const processMetrics = (): Registry => {
  if (ofProcess === null) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
};
