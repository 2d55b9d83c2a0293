import type { CopyChange } from '../domain/copy-change.js';
import type { CopyOperation } from '../domain/copy-operation.js';

/** An event of a feed: copies that changed, or none if only its report did. */
export interface FeedEvent {
  readonly changes: readonly (Pick<CopyChange, 'change' | 'previousState'> & {
    readonly copy: CopyOperation;
    readonly before?: CopyOperation | undefined; // the previous record, if it was unfinished
  })[];
}
