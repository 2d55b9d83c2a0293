import { z } from 'zod';
import { baseUrl, everyUpstream, flag, milliseconds, must, optional, section, unplayed } from '../../config/key.js';
import type { CohesityAuth } from './login.js';

// The `…File` keys have been replaced by now; a remaining one is not text, which its type then reports.
const cohesityAuth = section({
  apiKey: optional,
  apiKeyFile: optional,
  username: optional,
  password: optional,
  passwordFile: optional,
  domain: optional,
}).transform(({ apiKey, username, password, domain }, context): CohesityAuth => {
  const login = username ?? password ?? domain;
  if (apiKey !== undefined && login === undefined) return { apiKey };
  if (apiKey === undefined && username !== undefined && password !== undefined)
    return { username, password, domain: domain ?? 'LOCAL' };
  context.addIssue({
    code: 'custom',
    message: 'must hold only apiKey (or apiKeyFile), or username and password (or passwordFile)',
  });
  return z.NEVER;
});

/** A cluster's part of the config. */
export const cohesitySection = section({
  ...everyUpstream,
  kind: z.literal('cohesity'),
  url: baseUrl,
  auth: cohesityAuth,
  accessClusterId: z
    .custom<string | number | bigint>(
      (value) => ['string', 'number', 'bigint'].includes(typeof value) && /^\d{1,19}$/.test(String(value)),
      must('a cluster id: digits only'),
    )
    .meta({ type: ['string', 'integer'], pattern: '^\\d{1,19}$' })
    .transform(String)
    .optional(),
  timeoutMs: milliseconds.default(20_000),
  viewFailoverWithoutOperations: flag.default(false),
}).transform(unplayed);
