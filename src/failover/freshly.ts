import type { CallOptions } from '../calling/call.js';
import type { Session } from '../upstream/product.js';

/** A session without the cache, and without earlier reads of this operation. */
export const freshly = (session: Session, call: CallOptions): Session => ({
  ...session,
  call: { ...call, maxAgeMs: 0 },
  base: null,
});
