import type { Principal } from '../domain/principal.js';
import type { CallOptions } from '../calling/call.js';
import type { FailoverContext } from './status.js';
import type { ListContext } from '../aggregate/lists.js';

/** What a mutation needs beside its input. */
export interface MutationContext extends FailoverContext, ListContext {
  readonly limits: ListContext['limits'] & { readonly requestTimeoutMs: number };
  readonly principal: Principal;
  readonly call: CallOptions; // of the operation
}
