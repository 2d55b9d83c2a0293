import type { IncomingHttpHeaders } from 'node:http';
import { hash } from '../random.js';
import { invalidBody, Refusal } from './refusal.js';
import { day } from './time.js';

/** The only credentials that this sandbox accepts. */
export const cohesitySandboxCredentials = {
  username: 'sandbox',
  password: 'sandbox-password',
  domain: 'LOCAL',
  apiKey: 'sandbox-api-key',
} as const;

const privileges = [
  'CLUSTER_VIEW',
  'PROTECTION_VIEW',
  'PROTECTION_JOB_OPERATE',
  'RESTORE_VIEW',
  'RESTORE_MODIFY',
  'STORAGE_VIEW',
];

const members = ['username', 'password', 'domain', 'certificate', 'privateKey', 'otpCode', 'otpType'];

const unauthorized = (message: string): Refusal => new Refusal(401, 'KStatusUnauthorized', message);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Issues bearer tokens and checks credentials. Tokens last a day by the sandbox's own clock. */
export const createGate = (seed: number) => {
  const issued = new Map<string, number>();
  return {
    /** The answer to a login; throws for wrong credentials. */
    issue: (body: unknown, now: number) => {
      if (!isRecord(body)) throw invalidBody('Request body is missing or is not a JSON object');
      const odd = Object.keys(body).find((name) => !members.includes(name));
      if (odd !== undefined) throw invalidBody(`Unknown member in body: ${odd}`);
      const { username, password, domain } = cohesitySandboxCredentials;
      const given = body['domain'] ?? domain;
      if (
        body['username'] !== username ||
        body['password'] !== password ||
        typeof given !== 'string' ||
        given.toUpperCase() !== domain
      ) {
        throw invalidBody('Invalid Username or Password specified.');
      }
      const claims = {
        iss: 'cohesity-sandbox',
        sub: username,
        iat: Math.floor(now / 1e6),
        jti: `${seed}-${issued.size + 1}`,
      };
      const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
      const accessToken = `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.${hash(seed, now, issued.size).toString(16)}`;
      issued.set(accessToken, now);
      return { accessToken, tokenType: 'Bearer', privileges };
    },
    /** Throws unless the call has the API key or a valid token. */
    admit: (headers: IncomingHttpHeaders, now: number): void => {
      if (headers['apikey'] !== undefined) {
        if (headers['apikey'] === cohesitySandboxCredentials.apiKey) return;
        throw unauthorized('Authentication failed: Invalid API key.');
      }
      const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
      const issuedAt = token === undefined ? undefined : issued.get(token);
      if (issuedAt === undefined) throw unauthorized('Authentication failed: Unauthorized access.');
      if (now - issuedAt >= day) throw unauthorized('Token expired. Please request a new access token.');
    },
  };
};
