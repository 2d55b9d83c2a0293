import type { CopyChange } from '../domain/copy-change.js';
import type { CopyOperation } from '../domain/copy-operation.js';

/** What a feed tells those who listen: copies that changed, or that only its report did. */
export interface FeedEvent {
  readonly changes: readonly (Pick<CopyChange, 'change' | 'previousState'> & {
    readonly copy: CopyOperation;
    readonly before?: CopyOperation | undefined; // the record that it was, where it was unfinished
  })[];
}
