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

/** The proxies of this process's environment. Throws a `ConfigError` for one that is none. */
export const proxyOfEnvironment = (): ProxyFor => {
  try {
    const proxyFor = proxyEnvironment(process.env);
    neverPrint(proxyFor.proxies.flatMap(({ secrets }) => secrets));
    return proxyFor;
  } catch (error) {
    throw error instanceof Error ? new ConfigError(error.message) : error;
  }
};

/** The proxy of an upstream: its own, or none, or what the environment says. */
export const proxyForUpstream = ({ proxy }: Config['upstreams'][number]): ProxyFor => {
  if (proxy === undefined) return proxyOfEnvironment();
  const own = proxy === 'none' ? null : toProxy(proxy);
  return () => own;
};

/** The certificates in a file; throws a `ConfigError` that begins with what names it, where it has none. */
const readCertificates = (named: string, file: string): Buffer => {
  let text: Buffer;
  try {
    text = readFileSync(file);
  } catch (error) {
    throw new ConfigError(`${named}: names a file that cannot be read: ${whyUnread(error)}`);
  }
  try {
    new X509Certificate(text); // the first of them; Node would go on without any
    return text;
  } catch {
    throw new ConfigError(`${named}: names a file without a certificate: it must be PEM`);
  }
};

/** Certificates as they were read. */
export interface Certificates {
  /** As `readCertificates` does. */
  read(named: string, file: string): Buffer;
  /** Whether the files that were read have the same in them still. */
  areSame(): boolean;
}

const contentOf = (file: string): Buffer | null => {
  try {
    return readFileSync(file);
  } catch {
    return null; // who reads it for use is told why
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

const CONNECT_MS = 5000; // a key set is given up then

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
