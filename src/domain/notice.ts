import type { Micros } from './micros.js';
import type { WatchEvent } from './watch-event.js';

/** An event that one rule of `notify` is to deliver. It can be written as JSON. */
export interface Notice {
  readonly id: string; // equal for the same rule and event on every replica and after a restart
  readonly rule: string; // the rule's name
  readonly event: WatchEvent;
  readonly since: Micros; // when it began to wait
  readonly isMissed: boolean; // it happened while no process was watching
}

/** An upstream as the delivering process last saw it. */
export interface KnownUpstream {
  readonly at: Micros;
  readonly isUp: boolean;
}

/** The notices that a process may deliver now. Other processes are delivering the rest. */
export interface Claimed {
  readonly ours: readonly string[];
  readonly settled: readonly string[]; // already delivered or given up
}

/** The shared store of notices. Each method rejects if the store cannot be reached. */
export interface NoticeStore {
  /** The store's edition: it changes when the store was emptied. */
  edition(): Promise<string>;
  /** Adds the notices that are not settled. */
  add(notices: readonly Notice[]): Promise<void>;
  waiting(): Promise<readonly Notice[]>;
  /** Reserves notices for `ms` milliseconds: no other process may deliver them. */
  claim(ids: readonly string[], ms: number): Promise<Claimed>;
  /** Lets other processes deliver them at once. */
  release(ids: readonly string[]): Promise<void>;
  /** Marks them as delivered or given up: they are removed, and refused for seven days. */
  settle(ids: readonly string[]): Promise<void>;
  known(): Promise<ReadonlyMap<string, KnownUpstream>>;
  note(upstreams: ReadonlyMap<string, KnownUpstream>): Promise<void>;
}

/** How long a settled notice is refused. */
export const SETTLED_MS = 7 * 86_400_000;
