import { GraphQLSchema } from 'graphql';
import { queryObjects } from 'node:v8';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { embedSandbox } from '../src/assembly/embedded.js';
import { startServer } from '../src/assembly/server.js';
import { patient } from './support/patient.js';

/** Collects garbage first. */
const schemas = (): number => queryObjects(GraphQLSchema, { format: 'count' });

const GATEWAYS = 6;

it('keeps nothing of a gateway that was closed', async () => {
  const sandbox = await embedSandbox();
  const before = schemas();
  for (let turn = 0; turn < GATEWAYS; turn += 1) {
    const config = { ...patient(sandbox.config), server: { ...sandbox.config.server, port: 0 } };
    const server = await startServer(config, pino({ enabled: false }));
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('nodejs_gc_duration_seconds');
    await server.drain();
  }
  await sandbox.close();
  expect(schemas() - before).toBeLessThan(GATEWAYS / 2); // the last ones may wait for their timers
});
