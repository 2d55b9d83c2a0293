import { DAY_MICROS, HOUR_MICROS, type Micros, micros } from '../domain/micros.js';
import type { KnownUpstream, Notice } from '../domain/notice.js';
import type { WatchEvent } from '../domain/watch-event.js';
import { type CourierOptions, createCourier } from './courier.js';
import { eventsOf, failureOf, lagOf, turnOf } from './event.js';
import { hasFailed } from './figures.js';
import { type Look, type WatchChange, type WatchTimes, isLagging } from './memory.js';
import { type NotifyRule, noticesOf } from './rule.js';

interface NotifierOptions<Rule extends NotifyRule> extends CourierOptions<Rule> {
  readonly times: () => WatchTimes;
  /** The longest time until each replica has polled once more, in seconds. */
  readonly roundSeconds: () => number;
}

/** Events that this process saw happen, and others that may have happened before it began. */
export interface SeenEvents {
  readonly events: readonly WatchEvent[];
  readonly past: readonly WatchEvent[];
}

/** Turns the results of this process's polls into notices, and delivers them while it is its turn. */
interface Notifier {
  looked(look: Look, changes: readonly WatchChange[]): void;
  saw(seen: SeenEvents): void;
  /**
   * To be called after each round of polls. `isOurs`: whether this process delivers; `null`: that could not be found
   * out.
   */
  turn(isOurs: boolean | null): Promise<void>;
  close(): void;
}

/** An event that may not have been delivered yet. */
interface Seen {
  readonly event: WatchEvent;
  readonly seenAt: Micros;
  /** When it happened, as far as that is known; `null`: this process saw it happen. */
  readonly happenedAt: number | null;
}

const KEEP_MICROS = 600_000_000; // events that one process saw, in case the one that delivers has died
const LATE_MICROS = 300_000_000; // vendors may report an end this late
const LEAST_GRACE_SECONDS = 10;

/** The events in a first poll that may have happened while no process was watching. */
const pastOf = ({ copies, objects, at }: Look, times: WatchTimes): readonly Seen[] => [
  ...copies
    .filter((copy) => hasFailed(copy) && copy.endedAt !== null && copy.endedAt > at - DAY_MICROS)
    .map((copy) => ({ event: failureOf(copy, copy.endedAt ?? at), seenAt: at, happenedAt: copy.endedAt ?? at })),
  ...(objects ?? [])
    .filter((object) => isLagging(object, times))
    .flatMap((object) => {
      const from = object.copies?.offsiteDataAt ?? null;
      const happenedAt = from === null ? null : from + times.offsiteLagSeconds * 1_000_000;
      return happenedAt === null ? [] : [{ event: lagOf(object, micros(happenedAt)), seenAt: at, happenedAt }];
    }),
];

/** Whether an event happened between the last poll of any process and the first one of this process. */
const isWithinGap = ({ event, happenedAt }: Seen, known: ReadonlyMap<string, KnownUpstream>, now: Micros): boolean => {
  const last = known.get(event.upstream)?.at;
  return last !== undefined && last > now - DAY_MICROS && (happenedAt ?? now) > last - LATE_MICROS;
};

/** A notice that could not be delivered for an hour, because no process ran, goes into a digest. */
const orMissed = (notice: Notice, now: Micros): Notice =>
  now - notice.since < HOUR_MICROS ? notice : { ...notice, isMissed: true, since: now };

/** Whether a notice is too old to be delivered, or older than an hour and its rule was removed. */
const isOutdated = ({ rule, since }: Notice, names: ReadonlySet<string>, now: Micros): boolean =>
  now - since > (names.has(rule) ? DAY_MICROS : HOUR_MICROS);

export const createNotifier = <Rule extends NotifyRule>(options: NotifierOptions<Rule>): Notifier => {
  const { rules, store, now, onResult, times, roundSeconds } = options;
  const courier = createCourier(options);
  const looked = new Set<string>(); // upstreams that were read completely
  const levels = new Map<string, KnownUpstream & { readonly isWhole: boolean }>();
  let kept: readonly Seen[] = [];
  let edition: string | null = null;
  let wasLost = false;
  let restsUntil = 0;

  const forgetOld = (isOurs: boolean | null): void => {
    const oldest = now() - KEEP_MICROS - restMicros();
    const old = kept.filter(({ seenAt }) => seenAt < oldest);
    kept = kept.filter(({ seenAt }) => seenAt >= oldest);
    if (isOurs !== null) return;
    const lost = old.filter(({ happenedAt }) => happenedAt === null).map(({ event }) => event);
    for (const { rule } of noticesOf(rules(), lost, { since: now(), isMissed: false })) onResult(rule, 'dropped', 1);
  };

  const restMicros = (): number => Math.max(LEAST_GRACE_SECONDS, 3 * roundSeconds()) * 1_000_000;

  /** After Redis was lost, the processes that know which notices were delivered record that first. */
  const meetStore = async (): Promise<void> => {
    const found = await store.edition();
    const isOther = edition !== null && edition !== found;
    if (wasLost || isOther) restsUntil = now() + restMicros();
    edition = found;
    wasLost = false;
    await courier.settleAgain(isOther);
  };

  const upstreamTurns = (known: ReadonlyMap<string, KnownUpstream>): readonly WatchEvent[] =>
    [...levels].flatMap(([upstream, { at, isUp }]) => {
      const before = known.get(upstream);
      return before === undefined || before.isUp === isUp ? [] : [turnOf(upstream, isUp, at)];
    });

  const noteLevels = (known: ReadonlyMap<string, KnownUpstream>): Promise<void> =>
    store.note(
      new Map(
        [...levels].map(([upstream, { at, isUp, isWhole }]) => [
          upstream,
          { isUp, at: isWhole ? at : (known.get(upstream)?.at ?? at) },
        ]),
      ),
    );

  /** Adds notices to those that wait, as far as there is room. */
  const add = async (notices: readonly Notice[]): Promise<void> => {
    const room = courier.room();
    await store.add(notices.slice(0, room));
    kept = [];
    for (const { rule } of notices.slice(room)) onResult(rule, 'dropped', 1);
  };

  const collect = async (): Promise<void> => {
    const all = await store.waiting();
    const names = new Set(rules().map(({ name }) => name));
    const old = all.filter((notice) => isOutdated(notice, names, now()));
    await store.settle(old.map(({ id }) => id));
    for (const { rule } of old) onResult(rule, 'given_up', 1);
    const ids = new Set(old.map(({ id }) => id));
    courier.put(all.filter(({ id }) => !ids.has(id)).map((notice) => orMissed(notice, now())));
  };

  const accept = async (): Promise<void> => {
    const known = await store.known();
    const since = now();
    const fresh = kept.filter(({ happenedAt }) => happenedAt === null);
    const missed = kept.filter((one) => one.happenedAt !== null && isWithinGap(one, known, since));
    const events = [...fresh.map(({ event }) => event), ...upstreamTurns(known)];
    const past = missed.map(({ event }) => event);
    await add([
      ...noticesOf(rules(), events, { since, isMissed: false }),
      ...noticesOf(rules(), past, { since, isMissed: true }),
    ]);
    await noteLevels(known);
    await collect();
  };

  const takeTurn = async (isOurs: boolean): Promise<boolean> => {
    await meetStore();
    if (isOurs && now() >= restsUntil) {
      await accept();
      return true;
    }
    const waiting = courier.waiting();
    if (!isOurs && waiting.length > 0) {
      await store.add(waiting); // for the process whose turn it is
      courier.forget(waiting);
    }
    return false;
  };

  return {
    looked: (look, changes) => {
      const { upstream, at, isUp, isWhole } = look;
      levels.set(upstream, { at, isUp, isWhole });
      const seen = eventsOf(changes, at).map((event) => ({ event, seenAt: at, happenedAt: null }));
      const past = isWhole && !looked.has(upstream) ? pastOf(look, times()) : [];
      if (isWhole) looked.add(upstream);
      if (rules().length > 0) kept = [...kept, ...seen, ...past];
    },
    saw: ({ events, past }) => {
      const seenAt = now();
      kept = [
        ...kept,
        ...events.map((event) => ({ event, seenAt, happenedAt: null })),
        ...past.map((event) => ({ event, seenAt, happenedAt: Infinity })),
      ];
    },
    turn: async (isOurs) => {
      forgetOld(isOurs);
      const isOn = isOurs !== null && rules().length > 0 && (await takeTurn(isOurs).catch(() => null));
      if (isOurs === null || isOn === null) wasLost = true;
      courier.go(isOn === true);
    },
    close: courier.close,
  };
};
