import type { FailoverGuard } from '../failover/guard.js';
import type { AllClients } from '../upstream/product.js';
import type { Config } from './config.js';
import { callOf } from './context.js';
import { startDeadline } from '../calling/deadline.js';

/**
 * Asks each upstream for its identity at the start, in the background. Actions are refused if another system answers
 * later. If an upstream cannot say, the first action asks again.
 */
export const pinIdentities = ({ identities }: FailoverGuard, clients: AllClients, limits: Config['limits']): void => {
  for (const [name, { identityNow, upstream }] of clients) {
    if (identityNow === undefined || upstream.sandbox) continue; // a sandbox lives as long as this process
    const deadline = startDeadline(limits.requestTimeoutMs);
    void identities
      .check(name, () => identityNow(callOf(limits, deadline.signal)))
      .catch(() => undefined)
      .finally(() => deadline.end());
  }
};
