import { createHash } from 'node:crypto';
import type { Notice } from '../domain/notice.js';
import type { WatchEvent, WatchEventType } from '../domain/watch-event.js';

/** The events that a rule delivers, and how often at most. */
export interface NotifyRule {
  readonly name: string;
  readonly on: readonly WatchEventType[];
  readonly upstreams?: readonly string[] | undefined; // absent: all
  readonly targetKinds?: readonly string[] | undefined; // of copies; absent: all
  readonly minSeconds: number; // the least time between two deliveries
}

/** A target kind limits only events about copies. */
const wants = ({ on, upstreams, targetKinds }: NotifyRule, { type, upstream, targetKind }: WatchEvent): boolean =>
  on.includes(type) &&
  (upstreams === undefined || upstreams.includes(upstream)) &&
  (targetKinds === undefined || targetKind === null || targetKinds.includes(targetKind));

/** A webhook id. It has no dot, because dots divide the text that is signed. */
export const idOf = (...parts: readonly string[]): string =>
  `msg_${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`;

/** The notices that the rules make from these events. */
export const noticesOf = (
  rules: readonly NotifyRule[],
  events: readonly WatchEvent[],
  { since, isMissed }: Pick<Notice, 'since' | 'isMissed'>,
): readonly Notice[] =>
  events.flatMap((event) =>
    rules
      .filter((rule) => wants(rule, event))
      .map(({ name: rule }) => ({ id: idOf(rule, event.type, event.key), rule, event, since, isMissed })),
  );

/** Whether any rule wants events of this type. */
export const isWanted = (rules: readonly NotifyRule[], type: WatchEventType): boolean =>
  rules.some(({ on }) => on.includes(type));
