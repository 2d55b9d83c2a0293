import { describe, expect, it } from 'vitest';
import { startCohesity } from '../support/cohesity.js';
import { cohesityAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { openSocket } from '../support/websocket.js';

/** A gateway whose delay is over when the test says so. */
const start = async () => {
  const cohesity = closing(await startCohesity());
  let over = (): void => undefined;
  const waited: number[] = [];
  const gateway = await startGateway({
    upstreams: [cohesityAt(cohesity)],
    drainDelaySeconds: 7,
    wait: (ms) => {
      waited.push(ms);
      return new Promise((resolve) => (over = resolve));
    },
  });
  const ready = async () => (await fetch(new URL('/readyz', gateway.url))).status;
  return { ...gateway, ready, waited, endDelay: () => over() };
};

describe('a gateway that is told to stop, with a delay', () => {
  it('is not ready any more, and takes requests until the delay is over', async () => {
    const gateway = await start();
    expect(await gateway.ready()).toBe(200);
    const closed = gateway.close();
    expect([await gateway.ready(), gateway.waited]).toEqual([503, [7000]]);
    const { status, data } = await gateway.execute('{ copyRuns { totalCount } }');
    expect([status, data]).toEqual([200, { copyRuns: { totalCount: 0 } }]);
    const socket = await openSocket(gateway);
    await socket.init();
    socket.start('1', '{ upstreams { name } }');
    expect((await socket.answer('1'))[0]?.payload).toEqual({ data: { upstreams: [{ name: 'dc-east' }] } });
    expect((await fetch(new URL('/livez', gateway.url))).status).toBe(200);
    gateway.endDelay();
    expect(await socket.closed).toBe(1001);
    await closed;
    await expect(gateway.ready()).rejects.toThrow();
  });
});
