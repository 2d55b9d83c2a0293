import type { AddressInfo, Server } from 'node:net';
import { closing } from './closing.js';

/** Has a TCP server listen on loopback until the test ends, which cuts these sockets off. Resolves with its port. */
export const listening = async (server: Server, sockets: Iterable<{ destroy(): void }>): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing({
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
  return (server.address() as AddressInfo).port; // a TCP server's address is never a string
};
