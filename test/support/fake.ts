import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stringify } from 'lossless-json';

/** One request as a fake upstream saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string; // without the query
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** The request and its answer as Node has them, for what no `Reply` can say. */
export interface Raw {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * The answer of a fake: a status with a body (text as it is, a `bigint` as an integer), or `null` to let the handler
 * answer.
 */
export type Reply = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
} | null;

export interface Fake {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** The requests as `GET /path?query`, in the order they came. */
  requests(): readonly string[];
  close(): Promise<void>;
}

/** A server on loopback that answers what the test says and keeps what it was asked. */
export const startFake = async (
  answer: (request: Seen, raw: Raw) => Reply | Promise<Reply>,
  at = 0, // a port; the kernel chooses otherwise
): Promise<Fake> => {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://fake');
      const one: Seen = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      seen.push(one);
      void Promise.resolve(answer(one, { request, response })).then((reply) => {
        if (reply === null) return;
        const { status = 200, headers = {}, body = '' } = reply;
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(typeof body === 'string' ? body : stringify(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    requests: () => seen.map(({ method, path, query }) => `${method} ${path}${query.size === 0 ? '' : `?${query}`}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** The content of a double, or a function of the request. */
export type Held<T> = T | ((seen: Seen) => T);

export const valueOf = <T extends object>(held: Held<T>, seen: Seen): T =>
  typeof held === 'function' ? held(seen) : held;

/** A fake that plays a product, and the one place where it goes wrong, is slow or waits. */
export interface Double extends Fake {
  /**
   * Sees each request first. Its reply is the answer; `null` is none at all, and `undefined` leaves the request to what
   * the double holds. A test puts its own in.
   */
  before: (seen: Seen, raw: Raw) => Reply | undefined | Promise<Reply | undefined>;
}

export const startDouble = async (answer: (seen: Seen) => Reply, at?: number): Promise<Double> => {
  const gate: Pick<Double, 'before'> = { before: () => undefined };
  const fake = await startFake(async (seen, raw) => {
    const reply = await gate.before(seen, raw);
    return reply === undefined ? answer(seen) : reply;
  }, at);
  return Object.assign(gate, fake);
};

/** The config of a fake of each kind, under the ids `dc-east` and `aws-prod`. */
export const cohesityAt = ({ url }: { readonly url: string }) =>
  ({ id: 'dc-east', kind: 'cohesity', url, auth: { apiKey: 'key' } }) as const;

export const awsBackupAt = ({ url }: { readonly url: string }) =>
  ({
    id: 'aws-prod',
    kind: 'aws-backup',
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId: 'AKIDFAKE', secretAccessKey: 'fake-secret' },
    timeoutMs: 20_000, // as the other's: a busy machine may take longer than AWS does
  }) as const;
