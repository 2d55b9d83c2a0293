import type { FailoverGuard } from '../failover/guard.js';
import type { AllClients } from '../upstream/product.js';
import type { Config } from './config.js';
import { callOf } from './context.js';
import { startDeadline } from '../calling/deadline.js';

/**
 * Asks each upstream at the start who it is, in the background: actions are refused where another one answers later. One
 * that cannot say is asked again by the first action.
 */
export const pinIdentities = ({ identities }: FailoverGuard, clients: AllClients, limits: Config['limits']): void => {
  for (const [name, { identityNow, upstream }] of clients) {
    if (identityNow === undefined || upstream.sandbox) continue; // a sandbox lives as long as we do
    const deadline = startDeadline(limits.requestTimeoutMs);
    void identities
      .check(name, () => identityNow(callOf(limits, deadline.signal)))
      .catch(() => undefined)
      .finally(() => deadline.end());
  }
};
