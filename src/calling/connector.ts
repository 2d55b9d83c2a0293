import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { ProxyFor } from '../domain/proxy.js';
import { openTunnel } from './tunnel.js';

type Certificates = string | Buffer | (string | Buffer)[];

/** How a host proves who it is. */
export interface Trust {
  /** The certificates that vouch for it; absent: those that everybody trusts. */
  readonly ca?: Certificates | undefined;
  /** The name that its certificate must have; absent: the one in its URL. */
  readonly serverName?: string | undefined;
}

interface ConnectorOptions extends Trust {
  readonly proxyFor: ProxyFor;
  readonly timeoutMs: number;
  /** How names are looked up where no proxy does it; absent: as the machine does. */
  readonly lookup?: LookupFunction | undefined;
}

/** As TLS takes it. A certificate in `ca` vouches for itself and what it signed, though its own issuer is not there. */
export const tlsOptions = ({ ca, serverName }: Trust) => ({
  ...(ca === undefined ? {} : { ca, allowPartialTrustChain: true }),
  ...(serverName === undefined ? {} : { servername: serverName }),
});

/** How undici connects: directly, or through the proxy that leads to the host. */
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
