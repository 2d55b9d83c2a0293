import { LRUCache } from 'lru-cache';
import { type KnownUpstream, type Notice, type NoticeStore, SETTLED_MS } from '../domain/notice.js';

const MOST_SETTLED = 100_000;

/** The notice store of a single process, for when no Redis is configured. Its methods never fail. */
export const createNoticeMemory = (): NoticeStore => {
  const waiting = new Map<string, Notice>();
  let made: LRUCache<string, true> | null = null; // it takes 3 MB even when empty, and most gateways settle nothing
  const isSettled = (id: string): boolean => made?.has(id) === true;
  const known = new Map<string, KnownUpstream>();
  return {
    edition: () => Promise.resolve('here'),
    add: (notices) => {
      for (const notice of notices)
        if (!isSettled(notice.id) && !waiting.has(notice.id)) waiting.set(notice.id, notice);
      return Promise.resolve();
    },
    waiting: () => Promise.resolve([...waiting.values()]),
    claim: (ids) =>
      Promise.resolve({
        ours: ids.filter((id) => !isSettled(id)),
        settled: ids.filter(isSettled),
      }),
    release: () => Promise.resolve(),
    settle: (ids) => {
      if (ids.length > 0) made ??= new LRUCache({ max: MOST_SETTLED, ttl: SETTLED_MS });
      for (const id of ids) {
        waiting.delete(id);
        made?.set(id, true);
      }
      return Promise.resolve();
    },
    known: () => Promise.resolve(new Map(known)),
    note: (upstreams) => {
      for (const [upstream, one] of upstreams) known.set(upstream, one);
      return Promise.resolve();
    },
  };
};
