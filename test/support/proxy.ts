import { type IncomingMessage, type Server, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { closing } from './closing.js';
import { listening } from './listening.js';

export interface TestProxy {
  readonly url: string;
  /** The hosts it was asked to connect to, such as `cluster.invalid:443`. */
  readonly asked: readonly string[];
  /** The `Proxy-Authorization` of each. */
  readonly credentials: readonly (string | undefined)[];
  /** Other requests that it received, completely. */
  readonly forwarded: readonly string[];
  /** Answers with this status instead; 0: not at all. */
  refuse: number | null;
}

interface ProxyOptions {
  /** The ports on loopback behind the names that only the proxy knows. */
  readonly routes?: Readonly<Record<string, number>>;
  readonly tls?: { readonly key: Buffer; readonly cert: Buffer };
}

/** A proxy on loopback that tunnels by `CONNECT`, and forwards nothing. */
export const startProxy = async ({ routes = {}, tls }: ProxyOptions = {}): Promise<TestProxy> => {
  const [asked, credentials, forwarded]: [string[], (string | undefined)[], string[]] = [[], [], []];
  const gate: Pick<TestProxy, 'refuse'> = { refuse: null };
  const sockets = new Set<Duplex>();
  const keep = (socket: Duplex): Duplex => {
    sockets.add(socket);
    return socket.on('error', () => undefined);
  };
  const server: Server = tls === undefined ? createServer() : createTlsServer(tls);
  server.on('request', (request, response) => {
    forwarded.push(request.url ?? '');
    response.writeHead(405).end();
  });
  server.on('connection', keep);
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = request.url ?? '';
    asked.push(target);
    credentials.push(request.headers['proxy-authorization']);
    keep(client);
    if (gate.refuse === 0) return;
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(target) ?? [];
    const known = routes[target] ?? (host === '127.0.0.1' ? Number(port) : undefined);
    if (gate.refuse !== null || known === undefined) {
      client.end(`HTTP/1.1 ${gate.refuse ?? 502} No\r\ncontent-length: 6\r\n\r\nSECRET`);
      return;
    }
    const inner = keep(connect(known, '127.0.0.1', () => client.write('HTTP/1.1 200 Connection established\r\n\r\n')));
    if (head.length > 0) inner.write(head);
    client.pipe(inner).pipe(client);
  });
  const port = await listening(server, sockets);
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  return Object.assign(gate, { url, asked, credentials, forwarded });
};

/** Sets variables of this process until the test is over; `undefined` takes one away. */
export const setEnvironment = (variables: Readonly<Record<string, string | undefined>>): void => {
  const set = (all: Readonly<Record<string, string | undefined>>): void => {
    for (const [name, value] of Object.entries(all)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  closing({ close: async () => set(before) });
  set(variables);
};
