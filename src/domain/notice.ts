import type { Micros } from './micros.js';
import type { WatchEvent } from './watch-event.js';

/** An event that one rule of `notify` is to deliver. It can be written as JSON. */
export interface Notice {
  readonly id: string; // equal for the same rule and event at every replica and after a restart
  readonly rule: string; // its name
  readonly event: WatchEvent;
  readonly since: Micros; // since when it waits
  readonly isMissed: boolean; // it happened while nothing watched
}

/** An upstream as it was at the last look of the process that delivers. */
export interface KnownUpstream {
  readonly at: Micros;
  readonly isUp: boolean;
}

/** Which notices a process may deliver now. Others are being delivered elsewhere. */
export interface Claimed {
  readonly ours: readonly string[];
  readonly settled: readonly string[]; // nobody needs to deliver them any more
}

/** What replicas share about notices. Each method rejects if the store cannot be asked. */
export interface NoticeStore {
  /** Another word after the store was emptied. */
  edition(): Promise<string>;
  /** Puts those among the waiting that are not settled. */
  add(notices: readonly Notice[]): Promise<void>;
  waiting(): Promise<readonly Notice[]>;
  /** For so long nobody else may deliver them. */
  claim(ids: readonly string[], ms: number): Promise<Claimed>;
  /** Others may deliver them at once. */
  release(ids: readonly string[]): Promise<void>;
  /** Delivered or given up: they wait no more, and for seven days they are not taken again. */
  settle(ids: readonly string[]): Promise<void>;
  known(): Promise<ReadonlyMap<string, KnownUpstream>>;
  note(upstreams: ReadonlyMap<string, KnownUpstream>): Promise<void>;
}

/** For so long a notice that is settled is not taken again. */
export const SETTLED_MS = 7 * 86_400_000;
