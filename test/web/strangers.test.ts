import { describe, expect, it } from 'vitest';
import { createStrangers } from '../../src/edge/strangers.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { awsBackupAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { openRaw } from '../support/http.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { openSocket } from '../support/websocket.js';
import { until } from '../support/until.js';

const MOST = 5;
const key = 'board-key-0815';

const start = async () => {
  const aws = closing(await startAwsBackup());
  const auth = { apiKeys: [apiKey(key, ['copy:read'])] };
  return closing(await startGateway({ upstreams: [awsBackupAt(aws)], auth, maxStrangers: MOST }));
};

const many = Array.from({ length: MOST });
const isOpen = (answer: string): boolean => answer.includes('200 OK');

describe('connections of nobody', () => {
  it('go, the oldest first, for a WebSocket of a caller with a key, and never take his place', async () => {
    const gateway = await start();
    const strangers = [];
    for (const _ of many) strangers.push(await openSocket(gateway));
    const caller = await openSocket(gateway);
    await caller.init(bearer(key));
    expect(await strangers[0]?.closed).toBe(1006);
    expect(strangers.slice(1).map(({ raw }) => raw.readyState)).toEqual(many.slice(1).map(() => caller.raw.OPEN));
    for (const _ of [...many, ...many]) await openSocket(gateway);
    caller.start('1', '{ upstreams { name } }');
    expect((await caller.answer('1')).map(({ type }) => type)).toEqual(['next', 'complete']);
  });

  it('go, the oldest first, for a request of a caller with a key, whose connection then stays', async () => {
    const gateway = await start();
    const body = JSON.stringify({ query: '{ upstreams { name } }' });
    const request = [
      'POST /graphql HTTP/1.1',
      'host: localhost',
      `authorization: Bearer ${key}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
    const strangers = many.map(() => openRaw(gateway, 'POST /graphql HTTP/1.1\r\n'));
    await Promise.all(strangers.map(({ socket }) => new Promise((resolve) => socket.once('ready', resolve))));
    const caller = openRaw(gateway, request);
    await until(() => expect(isOpen(caller.text())).toBe(true));
    await Promise.race(strangers.map(({ closed }) => closed));
    const later = [...many, ...many].map(() => openRaw(gateway, 'POST /graphql HTTP/1.1\r\n'));
    await later[0]?.closed;
    caller.socket.write(request);
    await until(() => expect(caller.text().split('200 OK')).toHaveLength(3));
    for (const { socket } of [...strangers, ...later, caller]) socket.destroy();
  });

  it('are counted until they say who they are, or are gone', () => {
    const cut: string[] = [];
    const { enter, leave } = createStrangers<string>(2, (one) => cut.push(one));
    for (const one of ['a', 'b', 'a']) enter(one);
    expect(cut).toEqual([]);
    enter('c');
    expect(cut).toEqual(['a']);
    leave('b');
    enter('d');
    expect(cut).toEqual(['a']);
    enter('e');
    expect(cut).toEqual(['a', 'c']);
  });
});
