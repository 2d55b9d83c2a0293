import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answers } from './pipelining.js';
import { REQUEST_ID, refusalText, requestIdOf } from './request-id.js';

/** Takes over a connection for a WebSocket, with the bytes that followed the request. */
export type TakeOver = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Whether a request asks for a WebSocket. */
export const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

/** The bytes of a request, without its upgrade headers. */
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
 * Handles upgrades; `take` returns whether it takes the WebSocket. A server may ignore any other upgrade: Java's client
 * asks for HTTP/2 in its first request on each connection. But Node has already released that connection, so it is
 * given back as an ordinary request. Earlier requests on it are answered first.
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

/** Answers a refused WebSocket over plain HTTP. */
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
