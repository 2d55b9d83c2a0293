import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAwsBackup } from '../support/aws-backup.js';
import { type Fake, awsBackupAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { expectAlive } from '../support/alive.js';
import { send } from '../support/http.js';
import { closing } from '../support/products.js';

const path = `/graphql?query=${encodeURIComponent('{ copyJobs { totalCount } }')}`;

let aws: Fake;
let gateway: Gateway;
beforeEach(async () => {
  aws = closing(await startAwsBackup());
  gateway = closing(await startGateway({ upstreams: [awsBackupAt(aws)], graphiql: true }));
});
afterEach(() => expectAlive(gateway));

describe('a query by GET', () => {
  it.each([
    ['as a link', {}],
    ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['as text', { 'content-type': 'text/plain' }],
    ['as an event stream', { accept: 'text/event-stream' }],
    ['of a page elsewhere', { origin: 'https://evil.example.com' }],
  ])('%s is refused, with the header that it needs, and not run', async (_what, headers) => {
    const { status, text } = await send(gateway, {
      method: 'GET',
      path,
      headers: { 'content-type': null, ...headers },
    });
    expect(status).toBe(403);
    const { errors } = JSON.parse(text.replace(/^[^{]*|\n[^]*$/g, ''));
    expect(errors).toEqual([
      { message: expect.stringContaining('`x-graphql-yoga-csrf: 1`'), extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(aws.seen).toEqual([]);
  });

  it.each([
    { 'x-graphql-yoga-csrf': '1' },
    { 'apollo-require-preflight': 'true' },
    { 'x-apollo-operation-name': 'A' },
    { 'content-type': 'application/json' },
  ])('is answered with %j', async (headers) => {
    const { status, text } = await send(gateway, {
      method: 'GET',
      path,
      headers: { 'content-type': null, ...headers },
    });
    expect([status, JSON.parse(text)]).toEqual([200, { data: { copyJobs: { totalCount: 0 } } }]);
  });

  it('from the address bar opens GraphiQL instead, and runs nothing', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const { status, text } = await send(gateway, { method: 'GET', path, headers: { 'content-type': null, accept } });
    expect([status, /<!doctype html>/.test(text)]).toEqual([200, true]);
    expect(aws.seen).toEqual([]);
  });
});
