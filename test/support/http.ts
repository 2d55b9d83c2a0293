import { type IncomingHttpHeaders, request } from 'node:http';
import { type Socket, connect } from 'node:net';
import type { Gateway } from './gateway.js';

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  /** Beside those of a plain query in JSON; `null` leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>> | undefined;
  readonly body?: string | Buffer;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const usual = { 'content-type': 'application/json', accept: 'application/json' };

/** Over Node's own client, which sends what `fetch` would refuse or mend. */
export const send = ({ url }: Pick<Gateway, 'url'>, sent: Sent): Promise<Received> =>
  new Promise((resolve, reject) => {
    const { method = 'POST', path = '/graphql', headers = {}, body = '' } = sent;
    const bytes = Buffer.from(body);
    const length = bytes.length === 0 ? {} : { 'content-length': String(bytes.length) };
    const given = Object.entries({ ...usual, ...length, ...headers }).filter(([, value]) => value !== null);
    const options = { method, headers: Object.fromEntries(given) as Record<string, string>, agent: false };
    const asking = request(new URL(path, url), options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asking.on('error', reject);
    asking.end(bytes);
  });

/** A connection whose caller writes the bytes by hand. */
export interface Raw {
  readonly socket: Socket;
  readonly text: () => string;
  /** Resolves when the other side has closed it. */
  readonly closed: Promise<void>;
}

export const openRaw = ({ url }: Pick<Gateway, 'url'>, text = ''): Raw => {
  const { hostname, port } = new URL(url);
  let read = '';
  const socket = connect(Number(port), hostname);
  if (text !== '') socket.write(text);
  socket.on('data', (chunk: Buffer) => (read += chunk.toString()));
  socket.on('error', () => undefined); // writes to a closed one
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, text: () => read, closed };
};
