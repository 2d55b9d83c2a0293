import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One played API that is listening. `url` has no trailing slash. */
export interface Sandbox {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** The address of a played API; port 0 lets the system choose. Loopback by default. */
export interface ListenOptions {
  readonly host?: string;
  readonly port?: number;
}

/** Serves one handler over HTTP, and closes without waiting for idle keep-alive sockets. */
export const listen = async (
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  { host = '127.0.0.1', port = 0 }: ListenOptions,
): Promise<Sandbox> => {
  const server = createServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const bound = (server.address() as AddressInfo).port; // a TCP server's address is never a string
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
