import { type ClientOptions, WebSocket } from 'ws';
import { expect } from 'vitest';
import type { Gateway } from './gateway.js';
import { closing } from './products.js';
import { until } from './until.js';

/** A message as it came. */
export interface Message {
  readonly type: string;
  readonly id?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
  readonly payload?: any;
}

/** A WebSocket of a caller who speaks the protocol by hand. */
export interface Socket {
  readonly raw: WebSocket;
  readonly messages: readonly Message[];
  /** The code it was closed with. */
  readonly closed: Promise<number>;
  send(...messages: readonly object[]): void;
  /** Says who it is, and waits until that was taken. */
  init(params?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Starts an operation under an id. */
  start(id: string, query: string, variables?: Readonly<Record<string, unknown>>): void;
  /** The messages of an operation, up to its end. */
  answer(id: string): Promise<readonly Message[]>;
}

export interface Opening extends ClientOptions {
  readonly protocols?: readonly string[];
}

/** Opens one; rejects with the status where it is refused. */
export const openSocket = async (
  { url }: Pick<Gateway, 'url'>,
  { protocols = ['graphql-transport-ws'], ...options }: Opening = {},
): Promise<Socket> => {
  const raw = new WebSocket(url.replace(/^http/, 'ws'), [...protocols], options);
  closing({ close: async () => raw.terminate() });
  const messages: Message[] = [];
  raw.on('message', (data) => messages.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => raw.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    raw.once('open', resolve);
    raw.once('unexpected-response', (_request, { statusCode }) => reject(new Error(String(statusCode))));
    raw.on('error', reject);
  });
  const send = (...sent: readonly object[]): void => sent.forEach((message) => raw.send(JSON.stringify(message)));
  const of = (id: string): readonly Message[] => messages.filter((message) => message.id === id);
  return {
    raw,
    messages,
    closed,
    send,
    init: async (payload = {}) => {
      send({ type: 'connection_init', payload });
      await until(() => expect(messages[0]?.type).toBe('connection_ack'));
    },
    start: (id, query, variables) => send({ type: 'subscribe', id, payload: { query, variables } }),
    answer: async (id) => {
      await until(() => expect(of(id).map(({ type }) => type)).toContainEqual(expect.stringMatching(/complete|error/)));
      return of(id);
    },
  };
};
