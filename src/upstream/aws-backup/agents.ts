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
  readonly timeoutMs: number; // for the connection to a proxy, and for its connection to the host
}

/** Connects directly, or calls `overTunnel` once the proxy has connected. */
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
      (error: Error) => callback?.(error, undefined as never), // Node ignores the socket if there is an error
    );
    return undefined; // the callback delivers it
  };
};

/** Node's agents with keep-alive, through the proxy of each host. */
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
    // Node's types know it only for `tls.connect`
    (request, socket) => connectHttps(Object.assign({}, request, { socket })),
  );
  return { http, https };
};
