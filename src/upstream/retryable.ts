import type { CopyOperation } from '../domain/copy-operation.js';
import type { CallOptions } from '../calling/call.js';

/** The one request that makes a copy again. Sent once; resolves with the id of a new copy, where the vendor makes one. */
type SendRetry = (token: string, call: CallOptions) => Promise<string | null>;

/** A copy that did not end well, and all that a retry of it goes by. */
export interface Retryable {
  readonly copy: CopyOperation;
  readonly subject: string; // the same for all copies of the same data to the same target
  readonly copies: readonly CopyOperation[]; // all of these, the copy itself too
  readonly source: { readonly ok: boolean; readonly detail: string }; // whether what is to be copied is still there
  readonly send: SendRetry | { readonly why: string }; // or why it cannot be asked for
}
