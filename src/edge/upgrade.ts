import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answers } from './pipelining.js';
import { REQUEST_ID, refusalText, requestIdOf } from './request-id.js';

/** Takes a connection that its caller wants to be a WebSocket, with what came behind the request. */
export type TakeOver = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Whether a request wants its connection to be a WebSocket. */
export const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

/** The request as it was sent, without the wish for another protocol. */
const withoutUpgrade = ({ method, url, httpVersion, rawHeaders }: IncomingMessage): string => {
  const lines = rawHeaders.flatMap((name, index) => {
    const value = rawHeaders[index + 1] ?? '';
    if (index % 2 === 1 || /^(?:upgrade|http2-settings)$/i.test(name)) return [];
    if (!/^connection$/i.test(name)) return [`${name}: ${value}`];
    const kept = value.split(',').filter((token) => !/^\s*(?:upgrade|http2-settings)\s*$/i.test(token));
    return kept.length === 0 ? [] : [`${name}: ${kept.join(',')}`];
  });
  return [`${method} ${url} HTTP/${httpVersion}`, ...lines, '', ''].join('\r\n');
};

/**
 * Lets WebSockets be taken over: `take` says whether it does. Any other upgrade is a wish that a server may ignore, and
 * Java's client sends one for HTTP/2 with its every first request; but Node has let go of the connection by then, so it
 * gets it again. What was asked before on that connection is answered before.
 */
export const handleUpgrades = (
  server: Server,
  answers: Answers,
  take: (...given: Parameters<TakeOver>) => boolean,
): void => {
  server.on('upgrade', (request, socket, head) =>
    answers.whenGiven(socket, () => {
      if (take(request, socket, head)) return;
      socket.unshift(Buffer.concat([Buffer.from(withoutUpgrade(request), 'latin1'), head]));
      server.emit('connection', socket);
    }),
  );
};

/** Answers in place of the WebSocket that was asked for. */
export const refuseUpgrade = (socket: Duplex, request: IncomingMessage, status: string, body: object): void => {
  const text = refusalText(body, request);
  socket.on('error', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status}`,
      'connection: close',
      'cache-control: no-store',
      'content-type: application/json',
      `${REQUEST_ID}: ${requestIdOf(request)}`,
      `content-length: ${Buffer.byteLength(text)}`,
      '',
      text,
    ].join('\r\n'),
    () => socket.destroy(),
  );
};
