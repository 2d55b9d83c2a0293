import { type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { closing } from './products.js';
import type { RunningRedis } from './redis.js';

/** A possibly slow path to a Redis: its answers are delayed. */
export interface SlowRedis {
  readonly url: string;
  /** How many times something was sent to Redis since `forget`. */
  sent(): number;
  forget(): void;
  /** Each answer comes so much later; `null` holds all of them until that is changed. */
  delay(ms: number | null): void;
}

/** A TCP proxy in front of a real Redis. */
export const startSlowRedis = async ({ port }: Pick<RunningRedis, 'port'>): Promise<SlowRedis> => {
  const sockets = new Set<Socket>();
  let delayMs: number | null = 0;
  let held: (() => void)[] = [];
  let sent = 0;
  const later = (pass: () => void): void => {
    if (delayMs === null) held.push(pass);
    else if (delayMs === 0) pass();
    else setTimeout(pass, delayMs).unref();
  };
  const server = createServer((caller) => {
    const redis = connect(port, '127.0.0.1');
    for (const socket of [caller, redis]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => (sockets.delete(socket), caller.destroy(), redis.destroy()));
    }
    caller.on('data', (data) => {
      sent += 1;
      redis.write(data);
    });
    redis.on('data', (data) => later(() => caller.write(data)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing({
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server's address is never a string
    sent: () => sent,
    forget: () => void (sent = 0),
    delay: (ms) => {
      delayMs = ms;
      const waiting = held;
      held = [];
      waiting.forEach(later);
    },
  };
};
