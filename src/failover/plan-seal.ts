import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Micros } from '../domain/micros.js';
import { clock } from '../calling/clock.js';

/** The greatest age of a dry run that a request may use. */
const VALID_MICROS = 10 * 60_000_000;
/** The greatest difference between the clocks of two replicas. */
const SKEW_MICROS = 60_000_000;

/**
 * The inputs of a plan: the action, its key, its body, and the system that answered. Only an equal request is executed.
 */
export type Planned = readonly string[];

/** Seals plans, and recognizes its own seals on every replica with the same secret. */
export interface PlanSeal {
  seal(planned: Planned): Promise<string>;
  /** The reason why a token is not valid for this plan; `null` if it is. */
  problemOf(token: string | null, planned: Planned): Promise<string | null>;
}

/** A secret of this process alone, for when replicas share none. */
export const createOwnSecret = (): (() => Promise<Buffer>) => {
  const secret = randomBytes(32);
  return () => Promise.resolve(secret);
};

/** The form of a token: the time in base 36, a point, and an HMAC-SHA-256 over time and plan. */
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
