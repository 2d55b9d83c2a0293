import { createHash, randomBytes } from 'node:crypto';

/** A caller's key, and its hash for the config. */
export interface AccessKey {
  readonly key: string;
  readonly sha256: string;
}

/** Makes a key of 256 random bits. Its prefix lets scanners for leaked secrets find it. */
export const createAccessKey = (): AccessKey => {
  const key = `cgk_${randomBytes(32).toString('base64url')}`;
  return { key, sha256: createHash('sha256').update(key).digest('hex') };
};
