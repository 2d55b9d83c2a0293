import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rejection } from '../../../src/edge/metrics.js';
import { createDirect } from '../../../src/edge/direct.js';
import { openRaw } from '../../support/http.js';
import { until } from '../../support/until.js';

const principal = { name: 'ops', scopes: new Set(['copy:read'] as const), upstreams: null, expiresAt: null };
const body = '{"query":"{ __typename }"}';
const text = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

let server: Server;
let happened: string[];
let full: Rejection | null;
let go: () => void;

/** Everything around the wait only notes that it was called. */
beforeEach(async () => {
  happened = [];
  full = null;
  const turn = new Promise<void>((resolve) => (go = resolve));
  const note = (what: string): void => void happened.push(what);
  const answer = createDirect({
    authenticate: () => Promise.resolve(principal),
    recognized: () => undefined,
    rateRefusalOf: () => Promise.resolve(null),
    maxBytes: 1000,
    repeat: () => Promise.resolve(false),
    admission: {
      isFull: () => full !== null,
      hold: () => {
        note('counted');
        return null;
      },
    },
    turnToBegin: (waiting) => {
      note(`waits with ${waiting}`);
      return turn;
    },
    left: (_request, { name }, at) => note(`${name} left after ${performance.now() >= at ? 'that' : 'nothing'}`),
    answering: {
      handleRequest: (_request, carried) => {
        note('begun');
        expect(carried).toMatchObject({ arrival: full === null ? { at: expect.any(Number) } : {} });
        return new Response('answered');
      },
    },
  });
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

const ask = () => openRaw({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, text);

describe('a request whose turn has not come', () => {
  it('is counted, and begins with its turn', async () => {
    const asking = ask();
    await until(() => expect(happened).toEqual(['counted', `waits with ${body}`]));
    go();
    await until(() => expect(asking.text()).toContain('answered'));
    expect(happened.slice(2)).toEqual(['begun']);
    asking.socket.destroy();
  });

  it('never begins if its caller has left, which is noted', async () => {
    const asking = ask();
    await until(() => expect(happened).toHaveLength(2));
    asking.socket.destroy();
    const other = ask(); // when the server has its text, it also knows that the first has closed
    await until(() => expect(happened).toHaveLength(4));
    go();
    await until(() => expect(other.text()).toContain('answered'));
    expect(happened.slice(4).sort()).toEqual(['begun', 'ops left after that']);
    other.socket.destroy();
  });

  it('goes at once to its refusal where no operation may begin', async () => {
    full = 'concurrency';
    const asking = ask();
    await until(() => expect(asking.text()).toContain('answered'));
    expect(happened).toEqual(['begun']);
    asking.socket.destroy();
  });
});
