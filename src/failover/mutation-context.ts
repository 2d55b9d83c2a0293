import type { Principal } from '../domain/principal.js';
import type { CallOptions } from '../calling/call.js';
import type { FailoverContext } from './status.js';
import type { ListContext } from '../aggregate/lists.js';

/** The parts of a request that a mutation needs besides its input. */
export interface MutationContext extends FailoverContext, ListContext {
  readonly limits: ListContext['limits'] & { readonly requestTimeoutMs: number };
  readonly principal: Principal;
  readonly call: CallOptions; // the call options of the operation
}
