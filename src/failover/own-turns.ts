import type { Exclusive } from '../domain/exclusive.js';
import { startDeadline } from '../calling/deadline.js';
import { wait } from '../calling/clock.js';

/** Turns within this process, for when no store shares them. They are never lost, so `leaseMs` has no effect. */
export const createOwnTurns = (): Exclusive => {
  const last = new Map<string, Promise<void>>();
  return {
    acquire: async (name, { waitMs }) => {
      const before = last.get(name) ?? Promise.resolve();
      let release = (): void => undefined;
      const mine = new Promise<void>((resolve) => (release = resolve));
      const queue = before.then(() => mine);
      last.set(name, queue);
      void queue.then(() => last.get(name) === queue && last.delete(name));
      const deadline = startDeadline(waitMs);
      const isMine = await Promise.race([before.then(() => true), wait(waitMs, deadline.signal).then(() => false)]);
      deadline.end();
      if (!isMine) {
        release(); // the next in line waits only for the holder
        return { kind: 'busy' };
      }
      return { kind: 'held', release: async () => release(), isStillHeld: async () => true };
    },
  };
};
