import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startAwsBackup } from '../support/aws-backup.js';
import { awsBackupAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { expectAlive } from '../support/alive.js';
import { openRaw } from '../support/http.js';
import { closing } from '../support/products.js';
import { until } from '../support/until.js';

const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n';

it('cuts off slow heads, slow bodies and silent connections, and serves everyone else meanwhile', async () => {
  const aws = closing(await startAwsBackup());
  const gateway = closing(await startGateway({ upstreams: [awsBackupAt(aws)] }));
  const open = (count: number, text: string) => Array.from({ length: count }, () => openRaw(gateway, text));
  const heads = open(50, head);
  const bodies = open(250, `${head}\r\n{`); // more than may run at once
  const silent = open(200, '');
  let over = false;
  const trickle = async (): Promise<void> => {
    while (!over) {
      for (const { socket } of heads) if (socket.writable) socket.write('x-a: b\r\n');
      for (const { socket } of bodies) if (socket.writable) socket.write(' ');
      await expectAlive(gateway);
      await sleep(200);
    }
  };
  const trickled = trickle();
  await Promise.all([...heads, ...silent].map(({ closed }) => closed));
  expect(bodies.some(({ socket }) => !socket.destroyed)).toBe(true); // they have three seconds more
  await Promise.all(bodies.map(({ closed }) => closed));
  over = true;
  await trickled;
  for (const { text } of [...heads, ...silent]) expect(text()).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  for (const { text } of bodies) expect(text()).toMatch(/^(?:HTTP\/1\.1 4\d\d |$)/);
  await expectAlive(gateway);
  expect(gateway.logs.filter((line) => line.includes('unexpected'))).toEqual([]);
  expect(aws.seen).toEqual([]);
});

it('cuts off who does not read an answer', async () => {
  const message = 'x'.repeat(1900);
  const jobs = Array.from({ length: 500 }, (_, n) => ({
    CopyJobId: `J${n}`,
    State: 'FAILED',
    StatusMessage: message,
    CreationDate: Date.now() / 1000 - 60,
  }));
  const aws = closing(await startAwsBackup({ copyJobs: jobs }));
  const limits = { requestTimeoutMs: 1500, maxConcurrentOperations: 1 };
  const gateway = closing(await startGateway({ upstreams: [awsBackupAt(aws)], limits, silentMs: 0 }));
  const lists = Array.from({ length: 15 }, (_, n) => `a${n}: copyJobs(first: 500) { nodes { error } }`).join(' ');
  const body = JSON.stringify({ query: `{ ${lists} }` });
  const request = `${head.replace('9000', String(body.length))}\r\n${body}`;
  const unread = openRaw(gateway);
  unread.socket.pause();
  unread.socket.write(request);
  const status = async () => (await gateway.execute('{ __typename }')).status;
  await until(async () => expect(await status()).toBe(503));
  await until(async () => expect(await status()).toBe(200), 100);
  unread.socket.destroy();
});
