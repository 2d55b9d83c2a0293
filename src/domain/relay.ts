import type { CopyOperation } from './copy-operation.js';
import type { UpstreamReport } from './upstream-report.js';

/** What one look at an upstream brought. */
export interface Look {
  readonly copies: readonly CopyOperation[];
  readonly report: UpstreamReport;
}

/** Who hears what others publish. */
export interface RelayListener {
  readonly take: (look: Look) => void;
  /** Something may not have arrived. */
  readonly missed: () => void;
}

/** How replicas take turns, where there are several: the one that polls publishes to the others. Nothing of it throws. */
export interface Relay {
  /**
   * Whether it is this process that polls, which it does until it releases the name, however long a poll takes. Also true
   * while the others cannot be asked or heard. To be called every two seconds.
   */
  isMine(name: string): Promise<boolean>;
  release(name: string): Promise<void>;
  publish(name: string, look: Look): void;
  /**
   * Hands over what others publish, until the signal aborts. Resolves when the others are heard, or cannot be for now.
   * One listener for a name at a time.
   */
  listen(name: string, listener: RelayListener, signal: AbortSignal): Promise<void>;
}
