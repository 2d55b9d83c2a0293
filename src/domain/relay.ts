import type { CopyOperation } from './copy-operation.js';
import type { UpstreamReport } from './upstream-report.js';

/** The result of one poll of an upstream. */
export interface Look {
  readonly copies: readonly CopyOperation[];
  readonly report: UpstreamReport;
}

/** A replica that receives the events of the others. */
export interface RelayListener {
  readonly take: (look: Look) => void;
  /** Events may have been lost. */
  readonly missed: () => void;
}

/** How replicas share polling: the one whose turn it is publishes to the others. No method throws. */
export interface Relay {
  /**
   * Whether this process polls. It does until it releases the name, however long a poll takes. Also true while the
   * other replicas cannot be reached. To be called every two seconds.
   */
  isMine(name: string): Promise<boolean>;
  release(name: string): Promise<void>;
  publish(name: string, look: Look): void;
  /**
   * Delivers the events of other replicas until the signal aborts. Resolves when it receives them, or cannot for now.
   * One listener for a name at a time.
   */
  listen(name: string, listener: RelayListener, signal: AbortSignal): Promise<void>;
}
