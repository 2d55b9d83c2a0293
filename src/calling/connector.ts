import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { ProxyFor } from '../domain/proxy.js';
import { openTunnel } from './tunnel.js';

type Certificates = string | Buffer | (string | Buffer)[];

/** How a host proves its identity. */
export interface Trust {
  /** The certificates that vouch for it; absent: the system's trusted ones. */
  readonly ca?: Certificates | undefined;
  /** The name its certificate must have; absent: the one in its URL. */
  readonly serverName?: string | undefined;
}

interface ConnectorOptions extends Trust {
  readonly proxyFor: ProxyFor;
  readonly timeoutMs: number;
  /** How names are resolved if no proxy does it; absent: by the system. */
  readonly lookup?: LookupFunction | undefined;
}

/**
 * The same as options for TLS. A certificate in `ca` vouches for itself and for those it signed, even without its
 * issuer.
 */
export const tlsOptions = ({ ca, serverName }: Trust) => ({
  ...(ca === undefined ? {} : { ca, allowPartialTrustChain: true }),
  ...(serverName === undefined ? {} : { servername: serverName }),
});

/** Connects for undici: directly, or through the proxy for that host. */
export const createConnector = ({
  proxyFor,
  timeoutMs,
  lookup,
  ...trust
}: ConnectorOptions): buildConnector.connector => {
  const tls = tlsOptions(trust);
  const connect = buildConnector({ ...tls, timeout: timeoutMs, ...(lookup === undefined ? {} : { lookup }) });
  const proxyCa = trust.ca === undefined ? [] : [trust.ca].flat();
  return (options, callback) => {
    const { protocol, hostname, servername, port: given } = options;
    const port = Number(given || (protocol === 'https:' ? 443 : 80));
    const name = trust.serverName ?? servername;
    const named = { ...options, ...(name === undefined ? {} : { servername: name }) };
    const proxy = proxyFor(`${protocol}//${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`);
    if (proxy === null) return connect(named, callback);
    openTunnel(proxy, { hostname, port }, { timeoutMs, ca: proxyCa }).then(
      (socket) =>
        protocol === 'https:' ? connect({ ...named, httpSocket: socket }, callback) : callback(null, socket),
      (error: Error) => callback(error, null),
    );
  };
};
