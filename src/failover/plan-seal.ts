import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Micros } from '../domain/micros.js';
import { clock } from '../calling/clock.js';

/** So old may a dry run be that a press goes by. */
const VALID_MICROS = 10 * 60_000_000;
/** By so much may the clocks of two replicas differ. */
const SKEW_MICROS = 60_000_000;

/**
 * What a plan was made of: the action, its key, its body, and the system that answered. Only the same is executed.
 */
export type Planned = readonly string[];

/** Seals what a dry run saw, and knows its own seals again, at every replica that has the same secret. */
export interface PlanSeal {
  seal(planned: Planned): Promise<string>;
  /** Why a token does not stand for this plan; `null` if it does. */
  problemOf(token: string | null, planned: Planned): Promise<string | null>;
}

/** A secret that only this process knows: where replicas share none. */
export const createOwnSecret = (): (() => Promise<Buffer>) => {
  const secret = randomBytes(32);
  return () => Promise.resolve(secret);
};

/** Its form: the time in base 36, a point, and an HMAC-SHA-256 over time and plan. */
export const createPlanSeal = (secretOf: () => Promise<Buffer>, now: () => Micros = clock): PlanSeal => {
  const sealAt = async (time: string, planned: Planned): Promise<string> =>
    createHmac('sha256', await secretOf())
      .update(JSON.stringify([time, ...planned]))
      .digest('base64url');
  return {
    seal: async (planned) => {
      const time = now().toString(36);
      return `${time}.${await sealAt(time, planned)}`;
    },
    problemOf: async (token, planned) => {
      if (token === null) return 'A dry run comes first: send its planToken.';
      const [, time = '', seal = ''] = /^([0-9a-z]{1,12})\.([\w-]{43})$/.exec(token) ?? [];
      const expected = Buffer.from(await sealAt(time, planned));
      const given = Buffer.from(seal);
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        return 'The planToken is of another plan, or of another process: plan again.';
      const age = now() - Number.parseInt(time, 36);
      return age > VALID_MICROS || age < -SKEW_MICROS ? 'The planToken is older than 10 minutes: plan again.' : null;
    },
  };
};
