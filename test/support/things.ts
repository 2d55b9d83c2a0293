import { HOUR_MICROS, type Micros } from '../../src/domain/micros.js';
import type { RecordKind } from '../../src/index/records.js';

/** A record of an index, of no product. */
export interface Thing {
  readonly id: string;
  readonly group: string;
  readonly startedAt: Micros;
  readonly endedAt: number | null;
  readonly changedAt: number;
  readonly observedAt: Micros;
}

export const SECOND = 1_000_000;
export const NOW = 1_715_137_200 * SECOND;
export const groups = ['a', 'b', 'c'] as const;
export const thingTimes = { listMs: 5_000, finishedMs: 86_400_000, runningMs: 5_000, staleMs: 0 };

export const thingKind: RecordKind<Thing> = {
  groupOf: ({ group }) => group,
  keyOf: ({ id }) => id,
  observedAt: ({ observedAt }) => observedAt,
  isFinished: ({ endedAt }) => endedAt !== null,
  isSettled: ({ endedAt, observedAt }) => endedAt !== null && endedAt <= observedAt - HOUR_MICROS,
  unreadable: () => 0,
  weight: () => 1,
};

export const thingView = { of: (thing: Thing): readonly Thing[] => [thing] };
