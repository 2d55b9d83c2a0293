import { pino } from 'pino';
import { expect, it } from 'vitest';
import { embedSandbox } from '../src/assembly/embedded.js';
import { startServer } from '../src/assembly/server.js';
import { patient } from './support/patient.js';
import { collectGarbage } from './support/garbage.js';

it('keeps nothing of a gateway that was closed', async () => {
  const sandbox = await embedSandbox();
  /** Each gateway has its config to its end. */
  const serveOnce = async (): Promise<WeakRef<object>> => {
    const config = { ...patient(sandbox.config), server: { ...sandbox.config.server, port: 0 } };
    const server = await startServer(config, pino({ enabled: false }));
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('nodejs_gc_duration_seconds');
    await server.drain();
    return new WeakRef(config);
  };
  const configs: WeakRef<object>[] = [];
  for (let turn = 0; turn < 6; turn += 1) configs.push(await serveOnce());
  await sandbox.close();
  await new Promise(setImmediate);
  collectGarbage();
  const kept = configs.filter((config) => config.deref() !== undefined);
  expect(kept.length).toBeLessThan(3); // the last ones may wait for their timers
});
