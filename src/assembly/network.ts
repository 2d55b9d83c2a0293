import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, fetch } from 'undici';
import { createConnector } from '../calling/connector.js';
import { proxyEnvironment } from '../calling/proxy-environment.js';
import { whyUnread } from '../domain/file-failure.js';
import { type ProxyFor, toProxy } from '../domain/proxy.js';
import type { FetchKeys } from '../edge/key-set.js';
import { neverPrint } from '../edge/known-secrets.js';
import { type AuthConfig, type Config, ConfigError } from './config.js';

/** The proxies of this process's environment. Throws a `ConfigError` for an invalid one. */
export const proxyOfEnvironment = (): ProxyFor => {
  try {
    const proxyFor = proxyEnvironment(process.env);
    neverPrint(proxyFor.proxies.flatMap(({ secrets }) => secrets));
    return proxyFor;
  } catch (error) {
    throw error instanceof Error ? new ConfigError(error.message) : error;
  }
};

/** The proxy of an upstream: its own, none, or the environment's. */
export const proxyForUpstream = ({ proxy }: Config['upstreams'][number]): ProxyFor => {
  if (proxy === undefined) return proxyOfEnvironment();
  const own = proxy === 'none' ? null : toProxy(proxy);
  return () => own;
};

/** The certificates in a file. Throws a `ConfigError`, beginning with `named`, if it has none. */
const readCertificates = (named: string, file: string): Buffer => {
  let text: Buffer;
  try {
    text = readFileSync(file);
  } catch (error) {
    throw new ConfigError(`${named}: names a file that cannot be read: ${whyUnread(error)}`);
  }
  try {
    new X509Certificate(text); // checks the first certificate; Node would accept a file with none
    return text;
  } catch {
    throw new ConfigError(`${named}: names a file without a certificate: it must be PEM`);
  }
};

/** Certificates, and the files they were read from. */
export interface Certificates {
  /** As `readCertificates` does. */
  read(named: string, file: string): Buffer;
  /** Whether the files still have the same content. */
  areSame(): boolean;
}

const contentOf = (file: string): Buffer | null => {
  try {
    return readFileSync(file);
  } catch {
    return null; // the next read for use reports the reason
  }
};

export const createCertificates = (): Certificates => {
  const known = new Map<string, Buffer>();
  return {
    read: (named, file) => {
      const text = readCertificates(named, file);
      known.set(file, text);
      return text;
    },
    areSame: () => [...known].every(([file, text]) => contentOf(file)?.equals(text) === true),
  };
};

const CONNECT_MS = 5000; // then fetching the key set is given up

/** How the key set of `auth.jwt` is fetched. */
export const keySetFetch = (
  { tls }: NonNullable<AuthConfig['jwt']>,
  certificates: Certificates = createCertificates(),
): FetchKeys => {
  const connect = createConnector({
    proxyFor: proxyOfEnvironment(),
    timeoutMs: CONNECT_MS,
    ca: tls?.caFile === undefined ? undefined : certificates.read('auth.jwt.tls.caFile', tls.caFile),
    serverName: tls?.serverName,
  });
  const dispatcher = new Agent({ connect });
  return (url, options) => fetch(url, { ...options, dispatcher });
};
