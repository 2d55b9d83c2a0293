import { type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A line to a port on loopback, which a test can slow down or cut. */
export interface Line {
  readonly port: number;
  /** Ends what goes over it, and takes nothing on until it is mended. */
  cut(): void;
  mend(): void;
  /** From now on, each piece of an answer comes so much later. */
  slow(ms: number): void;
  close(): Promise<void>;
}

/** Passes on to `target` what comes, and back what is answered. */
export const startLine = async (target: number): Promise<Line> => {
  const open = new Set<Socket>();
  let isCut = false;
  let delayMs = 0;
  const end = (): void => open.forEach((socket) => socket.destroy());
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.on('data', (data) => {
        const pass = (): void => void (to.destroyed || to.write(data));
        if (delayMs === 0 || from === near) pass();
        else setTimeout(pass, delayMs); // equal delays keep the order
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port, // a TCP server's address is never a string
    cut: () => {
      isCut = true;
      end();
    },
    mend: () => void (isCut = false),
    slow: (ms) => void (delayMs = ms),
    close: async () => {
      end();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
