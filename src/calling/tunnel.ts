import { type RequestOptions, STATUS_CODES, request as requestOverHttp } from 'node:http';
import { request as requestOverHttps } from 'node:https';
import { type Socket, isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { Proxy } from '../domain/proxy.js';

/** The proxy failed, so nothing was sent to the upstream. The message names the proxy without its password. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code = 'PROXY';

  constructor(
    { origin }: Proxy,
    why: string,
    /** Whether a retry soon may help. */
    readonly transient: boolean,
  ) {
    super(`the proxy ${origin} ${why}`);
  }
}

interface Target {
  readonly hostname: string;
  readonly port: number;
}

interface TunnelOptions {
  readonly timeoutMs: number;
  /** Certificates that vouch for an https proxy, in addition to the system's trusted ones. */
  readonly ca?: readonly (string | Buffer)[] | undefined;
}

const authorizationOf = ({ credentials }: Proxy): Record<string, string> =>
  credentials === null ? {} : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : error.message);

/**
 * Opens a connection to a host through a proxy, by `CONNECT`. Resolves once the proxy has connected. Rejects only with
 * a `ProxyError`.
 */
export const openTunnel = (proxy: Proxy, target: Target, { timeoutMs, ca = [] }: TunnelOptions): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    const path = `${isIP(host) === 6 ? `[${host}]` : host}:${target.port}`;
    const options: RequestOptions = {
      method: 'CONNECT',
      host: proxy.hostname,
      port: proxy.port,
      path,
      headers: { host: path, ...authorizationOf(proxy) },
      agent: false,
      timeout: timeoutMs,
    };
    // By default Node would take the TLS name from the header, which names the target.
    const servername = isIP(proxy.hostname) === 0 ? proxy.hostname : '';
    const asked =
      proxy.protocol === 'https:'
        ? requestOverHttps({ ...options, servername, ...(ca.length > 0 && { ca: [...rootCertificates, ...ca] }) })
        : requestOverHttp(options);
    asked.once('connect', ({ statusCode = 0 }, socket, head) => {
      socket.setTimeout(0);
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        return resolve(socket as Socket); // from Node's HTTP client, so it is one
      }
      socket.on('error', () => undefined).destroy();
      const words = [statusCode, STATUS_CODES[statusCode]].filter((part) => part !== undefined).join(' ');
      reject(new ProxyError(proxy, `refuses: ${words}`, statusCode >= 500));
    });
    asked.once('timeout', () => asked.destroy(new Error('it does not answer in time')));
    asked.once('error', (error) => reject(new ProxyError(proxy, `cannot be used: ${codeOf(error)}`, true)));
    asked.end();
  });
