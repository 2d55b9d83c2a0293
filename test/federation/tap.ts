import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One operation as a subgraph was sent it. */
export interface Sent {
  readonly query: string;
  readonly variables?: { readonly representations?: readonly { readonly __typename: string; readonly id: string }[] };
}

/** Passes everything on as it comes, streams too, and keeps what was asked. */
export interface Tap {
  readonly url: string;
  /** The operations since this was last asked. */
  take(): readonly Sent[];
  /** How many answers have begun and not ended. */
  open(): number;
  close(): Promise<void>;
}

export const startTap = async (target: string): Promise<Tap> => {
  const sent: Sent[] = [];
  let open = 0;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      sent.push(JSON.parse(body.toString('utf8')));
      const { host: _host, connection: _connection, ...headers } = incoming.headers;
      const onward = send(target, { method: incoming.method ?? 'POST', headers, agent: false }, (answer) => {
        open += 1;
        answer.once('close', () => (open -= 1));
        outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
        outgoing.flushHeaders();
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    take: () => sent.splice(0),
    open: () => open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
