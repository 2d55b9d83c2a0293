import type { CallOptions } from '../calling/call.js';
import type { Session } from '../upstream/product.js';

/** Reads with nothing that was kept, and nothing that another read of this operation has brought. */
export const freshly = (session: Session, call: CallOptions): Session => ({
  ...session,
  call: { ...call, maxAgeMs: 0 },
  base: null,
});
