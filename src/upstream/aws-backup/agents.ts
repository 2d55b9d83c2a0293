import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { type Trust, tlsOptions } from '../../calling/connector.js';
import { openTunnel } from '../../calling/tunnel.js';
import type { ProxyFor } from '../../domain/proxy.js';

type Callback = (error: Error | null, socket: Duplex) => void;
type Connect = (options: RequestOptions, callback?: Callback) => Duplex | null | undefined;

interface AgentOptions extends Trust {
  readonly proxyFor: ProxyFor;
  readonly maxSockets: number;
  readonly timeoutMs: number; // to connect to a proxy, and for it to connect
}

/** Connects directly, or lets `overTunnel` go on where the proxy has made the connection. */
const routed = (
  protocol: 'http' | 'https',
  { proxyFor, timeoutMs, ca }: AgentOptions,
  directly: Connect,
  overTunnel: (options: RequestOptions, socket: Duplex) => Duplex | null | undefined,
): Connect => {
  const proxyCa = ca === undefined ? [] : [ca].flat();
  return (options, callback) => {
    const hostname = options.host ?? 'localhost';
    const port = Number(options.port ?? (protocol === 'https' ? 443 : 80));
    const proxy = proxyFor(`${protocol}://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`);
    if (proxy === null) return directly(options, callback);
    openTunnel(proxy, { hostname, port }, { timeoutMs, ca: proxyCa }).then(
      (socket) => callback?.(null, overTunnel(options, socket) ?? socket),
      (error: Error) => callback?.(error, undefined as never), // Node looks at no socket where there is an error
    );
    return undefined; // it comes by the callback
  };
};

/** Node's connections with keep-alive, through the proxy that leads to each host. */
export const createAgents = (options: AgentOptions): { readonly http: HttpAgent; readonly https: HttpsAgent } => {
  const common = { keepAlive: true, maxSockets: options.maxSockets };
  const http = new HttpAgent(common);
  const https = new HttpsAgent({ ...common, ...tlsOptions(options) });
  const connectHttp: Connect = http.createConnection.bind(http);
  const connectHttps: Connect = https.createConnection.bind(https);
  http.createConnection = routed('http', options, connectHttp, (_request, socket) => socket);
  https.createConnection = routed(
    'https',
    options,
    connectHttps,
    (request, socket) => connectHttps(Object.assign({}, request, { socket })), // which Node's types know of `tls.connect` alone
  );
  return { http, https };
};
