import { type Micros, micros } from '../domain/micros.js';
import type { Claimed, Notice, NoticeStore } from '../domain/notice.js';
import type { Wait } from '../domain/wait.js';
import { WebhookError } from '../calling/webhook.js';
import {
  type Batch,
  MOST_WAITING,
  type Outbox,
  delivered,
  emptyOutbox,
  failed,
  nextBatch,
  nextTime,
  postponed,
  put,
  without,
} from './outbox.js';
import type { NotifyRule } from './rule.js';

/** The results of delivering; `failed` counts requests, the others notices. */
export const noticeResults = ['delivered', 'failed', 'given_up', 'dropped'] as const;
type NoticeResult = (typeof noticeResults)[number];

export interface CourierOptions<Rule extends NotifyRule> {
  readonly rules: () => readonly Rule[];
  readonly store: NoticeStore;
  /** Rejects if the webhook did not accept it. */
  readonly post: (rule: Rule, batch: Batch, now: Micros) => Promise<void>;
  readonly now: () => Micros;
  readonly wait: Wait;
  readonly onResult: (rule: string, result: NoticeResult, count: number) => void;
  readonly onFailure: (rule: string, error: unknown, isGivenUp: boolean) => void;
}

/** Delivers waiting notices, for each rule one request at a time. */
interface Courier {
  /** Takes notices to deliver, as far as there is room. */
  put(notices: readonly Notice[]): void;
  /** How many more notices may wait. */
  room(): number;
  /** The notices that wait and are not being delivered now. */
  waiting(): readonly Notice[];
  forget(notices: readonly Notice[]): void;
  /** Records again which notices were settled; all of them if the store was emptied. Rejects as the store does. */
  settleAgain(all: boolean): Promise<void>;
  /** Starts or stops delivering. */
  go(isOn: boolean): void;
  close(): void;
}

const CLAIM_MS = 30_000; // longer than a request may take
const AGAIN_MICROS = 5_000_000; // when to try again a notice that another process is delivering
const MOST_REMEMBERED = 10_000;
const idsOf = ({ notices }: Pick<Batch, 'notices'>): readonly string[] => notices.map(({ id }) => id);

/** The notices that this process has settled, oldest first. */
const createSettled = (store: NoticeStore) => {
  const settled = new Set<string>();
  const unwritten = new Set<string>();
  return {
    add: async (ids: readonly string[]): Promise<void> => {
      for (const id of ids) settled.add(id);
      for (const id of settled) {
        if (settled.size <= MOST_REMEMBERED) break;
        settled.delete(id);
      }
      for (const id of ids) unwritten.add(id);
      await store.settle(ids).then(
        () => ids.forEach((id) => unwritten.delete(id)),
        () => undefined, // again at the next turn
      );
    },
    has: (id: string): boolean => settled.has(id),
    again: async (all: boolean): Promise<void> => {
      if (all) for (const id of settled) unwritten.add(id);
      const ids = [...unwritten];
      if (ids.length === 0) return;
      await store.settle(ids);
      for (const id of ids) unwritten.delete(id);
    },
  };
};

export const createCourier = <Rule extends NotifyRule>(options: CourierOptions<Rule>): Courier => {
  const { rules, store, post, now, wait, onResult, onFailure } = options;
  const closing = new AbortController();
  let woken = new AbortController();
  let outbox: Outbox = emptyOutbox;
  let isOn = false;
  const busy = new Map<string, ReadonlySet<string>>(); // the notices being delivered, by rule
  const settled = createSettled(store);

  /** Leaves only the notices that this process may deliver; `false` if that is not all of them. */
  const claim = async (batch: Batch): Promise<boolean> => {
    const ids = idsOf(batch);
    const claimed = await store.claim(ids, CLAIM_MS).catch((): Claimed => ({ ours: [], settled: [] }));
    outbox = without(outbox, claimed.settled);
    const theirs = ids.filter((id) => !claimed.ours.includes(id) && !claimed.settled.includes(id));
    outbox = postponed(outbox, theirs, micros(now() + AGAIN_MICROS));
    return claimed.ours.length === ids.length;
  };

  const deliver = async (rule: Rule, batch: Batch): Promise<void> => {
    if (!(await claim(batch))) return;
    const ids = idsOf(batch);
    try {
      await post(rule, batch, now());
      outbox = delivered(outbox, rule.name, batch, now());
      onResult(rule.name, 'delivered', ids.length);
    } catch (error) {
      onResult(rule.name, 'failed', 1);
      const retryAfterMs = error instanceof WebhookError ? error.retryAfterMs : null;
      const after = failed(outbox, batch, { now: now(), retryAfterMs });
      outbox = after.outbox;
      onFailure(rule.name, error, after.isGivenUp);
      if (!after.isGivenUp) return void store.release(ids).catch(() => undefined); // the claim expires by itself
      onResult(rule.name, 'given_up', ids.length);
    }
    await settled.add(ids);
  };

  const begin = (rule: Rule): void => {
    const batch = nextBatch(outbox, rule, now());
    if (batch === null) return;
    busy.set(rule.name, new Set(idsOf(batch)));
    void deliver(rule, batch).finally(() => {
      busy.delete(rule.name);
      woken.abort();
    });
  };

  const isIdle = ({ name }: Rule): boolean => !busy.has(name);

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      woken = new AbortController();
      const { signal } = woken;
      if (isOn) rules().filter(isIdle).forEach(begin);
      const times = isOn
        ? rules()
            .filter(isIdle)
            .map((rule) => nextTime(outbox, rule))
        : [];
      const next = times.reduce<number>((first, time) => Math.min(first, time ?? Infinity), now() + 60_000_000);
      await wait(Math.max(1, (next - now()) / 1000), signal);
    }
  };
  void run();

  return {
    put: (notices) => {
      const known = new Set(rules().map(({ name }) => name));
      const gone = [...outbox.waiting.values()].map(({ notice }) => notice).filter(({ rule }) => !known.has(rule));
      outbox = without(outbox, idsOf({ notices: gone }));
      const wanted = notices.filter(({ id, rule }) => known.has(rule) && !settled.has(id));
      outbox = put(outbox, wanted, now());
      woken.abort();
    },
    room: () => MOST_WAITING - outbox.waiting.size,
    waiting: () => {
      const under = new Set([...busy.values()].flatMap((ids) => [...ids]));
      return [...outbox.waiting.values()].map(({ notice }) => notice).filter(({ id }) => !under.has(id));
    },
    forget: (notices) => {
      outbox = without(outbox, idsOf({ notices }));
    },
    settleAgain: settled.again,
    go: (on) => {
      isOn = on;
      woken.abort();
    },
    close: () => {
      closing.abort();
      woken.abort();
    },
  };
};
