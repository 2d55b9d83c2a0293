import { auditServer } from 'graphql-http';
import { expect, it } from 'vitest';
import { awsBackupAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';

const byGet = 'a query by GET needs a header that no page of another site can send: csrf.test.ts';

/** The things that a server may do and this one does not, each with the reason. */
const notDone: Readonly<Record<string, string>> = {
  '5A70 MAY accept application/x-www-form-urlencoded formatted GET requests': byGet,
  'D6D5 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json':
    byGet,
  '6A70 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json': byGet,
};

const audit = async (headers: Readonly<Record<string, string>>) => {
  const gateway = closing(
    await startGateway({
      upstreams: [awsBackupAt({ url: 'http://127.0.0.1:9' })],
      auth: { apiKeys: [apiKey('auditor', ['copy:read'])] },
      cors: { origins: ['https://board.example.com'] },
      introspection: true, // two of its questions ask for a type
    }),
  );
  const all = { ...bearer('auditor'), ...headers };
  const results = await auditServer({
    url: gateway.url,
    fetchFn: (input: string | URL, init: RequestInit = {}) =>
      fetch(input, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), ...all } }),
  });
  expect(results.length).toBe(61);
  return (status: string) =>
    results.filter((result) => result.status === status).map(({ id, name }) => `${id} ${name}`);
};

it('is GraphQL over HTTP, with everything on that production has', async () => {
  const by = await audit({});
  expect(by('error')).toEqual([]);
  expect(by('warn')).toEqual([]);
  expect(by('notice')).toEqual(Object.keys(notDone));
});

it('does that too for who sends the header', async () => {
  const by = await audit({ 'x-graphql-yoga-csrf': '1' });
  expect([by('error'), by('warn'), by('notice')]).toEqual([[], [], []]);
});
