import type { CopyOperation } from '../domain/copy-operation.js';
import type { CallOptions } from '../calling/call.js';

/** The one request that retries a copy. Sent once; resolves with the id of a new copy, if the vendor makes one. */
type SendRetry = (token: string, call: CallOptions) => Promise<string | null>;

/** A copy that did not end well, and the facts that its retry depends on. */
export interface Retryable {
  readonly copy: CopyOperation;
  readonly subject: string; // the same for all copies of the same data to the same target
  readonly copies: readonly CopyOperation[]; // all of these, including the copy itself
  readonly source: { readonly ok: boolean; readonly detail: string }; // whether the data to be copied still exist
  readonly send: SendRetry | { readonly why: string }; // or why it cannot be requested
}
