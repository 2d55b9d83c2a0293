import type { Route } from './route.js';
import { failoverRoutes } from './routes-failover.js';
import { listRoutesV1 } from './routes-v1.js';
import { runRoutesV1 } from './routes-v1-runs.js';
import { sourceRoutesV1 } from './routes-v1-sources.js';
import { readRoutesV2 } from './routes-v2.js';
import { actionRoutesV2 } from './routes-v2-actions.js';
import { viewFailoverRoutes } from './routes-view-failover.js';

/** Every played operation, except the two that issue a token. */
export const routes: readonly Route[] = [
  ...listRoutesV1,
  ...runRoutesV1,
  ...sourceRoutesV1,
  ...readRoutesV2,
  ...actionRoutesV2,
  ...viewFailoverRoutes,
  ...failoverRoutes,
];
