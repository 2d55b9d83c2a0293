import {
  type CryptoKey,
  type JWK,
  type JWTPayload,
  SignJWT,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
} from 'jose';
import type { AuthConfig } from '../../src/assembly/config.js';
import { type Fake, type Reply, startFake } from './fake.js';
import { closing } from './products.js';

type JwtConfig = NonNullable<AuthConfig['jwt']>;

export interface SignOptions {
  readonly alg?: string;
  readonly kid?: string | null;
  readonly key?: CryptoKey | Uint8Array;
}

/** An issuer of tokens, which publishes the keys of their signatures. */
export interface Issuer {
  readonly config: JwtConfig;
  readonly jwks: Fake;
  /** Its answer instead of its keys, while set. */
  broken: (() => Reply | Promise<Reply>) | null;
  /** Makes a key and publishes it in place of all before, or beside them. */
  rotate(alg?: string, keep?: boolean): Promise<string>;
  /** A token that is good for an hour, unless its claims say otherwise; a claim that is `undefined` is left out. */
  token(claims?: JWTPayload, options?: SignOptions): Promise<string>;
  /** The same, signed by a key that is not the newest; its header says what the options say. */
  tokenOf(signer: string, options: Pick<SignOptions, 'kid'>, claims?: JWTPayload): Promise<string>;
  /** Changes what is published, beside the keys' own. */
  publish(change: (published: readonly Readonly<Record<string, unknown>>[]) => readonly unknown[]): void;
  /** The text of the newest public key, as anyone may have it. */
  publicText(): Promise<string>;
}

export const seconds = (fromNow: number): number => Math.floor(Date.now() / 1000) + fromNow;

interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

let rsa: Promise<{ readonly privateJwk: JWK; readonly publicJwk: JWK }> | undefined;

const generateRsa = async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { privateJwk: await exportJWK(privateKey), publicJwk: await exportJWK(publicKey) };
};

const imported = async (jwk: JWK, alg: string): Promise<CryptoKey> => {
  const key = await importJWK(jwk, alg, { extractable: true });
  if (key instanceof Uint8Array) throw new Error('a secret is no key of a pair');
  return key;
};

/** RSA primes take a second to find, so one pair serves all RSA algorithms; others are made each time. */
const makeKeys = async (alg: string): Promise<KeyPair> => {
  if (!/^[RP]S/.test(alg)) return generateKeyPair(alg, { extractable: true });
  rsa ??= generateRsa();
  const { privateJwk, publicJwk } = await rsa;
  return { privateKey: await imported(privateJwk, alg), publicKey: await imported(publicJwk, alg) };
};

export const startIssuer = async (config: Partial<JwtConfig> = {}): Promise<Issuer> => {
  let published: unknown[] = [];
  const keys = new Map<string, KeyPair & { readonly alg: string }>();
  const newest = () => {
    const [entry] = [...keys].reverse();
    if (entry === undefined) throw new Error('no key');
    return entry;
  };
  const gate: Pick<Issuer, 'broken'> = { broken: null };
  const jwks = closing(await startFake(async () => (await gate.broken?.()) ?? { body: { keys: published } }));
  const issuer: Omit<Issuer, 'broken'> = {
    config: { jwksUri: `${jwks.url}/jwks`, issuer: 'https://id.example.com', audience: 'copygraph', ...config },
    jwks,
    rotate: async (alg = 'ES256', keep = false) => {
      const pair = await makeKeys(alg);
      const kid = `key-${keys.size + 1}`;
      keys.set(kid, { alg, ...pair });
      published = [...(keep ? published : []), { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' }];
      return kid;
    },
    token: async (claims = {}, options = {}) => {
      const [lastKid, last] = newest();
      const { kid = lastKid, alg = keys.get(kid ?? '')?.alg ?? last.alg } = options;
      const key = options.key ?? keys.get(kid ?? '')?.privateKey ?? last.privateKey;
      return new SignJWT({
        iss: 'https://id.example.com',
        aud: 'copygraph',
        sub: 'ada',
        scope: 'copy:read',
        exp: seconds(3600),
        ...claims,
      })
        .setProtectedHeader({ alg, typ: 'JWT', ...(kid === null ? {} : { kid }) })
        .sign(key);
    },
    tokenOf: async (signer, options, claims = {}) => {
      const key = keys.get(signer);
      if (key === undefined) throw new Error(`no key ${signer}`);
      return issuer.token(claims, { alg: key.alg, key: key.privateKey, ...options });
    },
    publish: (change) => (published = [...change(published as Readonly<Record<string, unknown>>[])]), // made by `rotate`
    publicText: async () => exportSPKI(newest()[1].publicKey),
  };
  await issuer.rotate();
  return Object.assign(gate, issuer);
};
