import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/domain/error-code.js';
import { expectAlive } from '../support/alive.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { type Fake, awsBackupAt } from '../support/fake.js';
import { type AnsweredError, type Gateway, startGateway } from '../support/gateway.js';
import { type Sent, openRaw, send } from '../support/http.js';

let aws: Fake;
let gateway: Gateway;
beforeAll(async () => {
  aws = await startAwsBackup({ copyJobs: [{ CopyJobId: 'J1' }] });
  gateway = await startGateway({ upstreams: [awsBackupAt(aws)] });
});
afterAll(async () => {
  await gateway.close();
  await aws.close();
});

const codes = new Set<unknown>([...errorCodes, 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']);

/** Never our fault, and always in words: a status below 500, and errors with codes of the closed set. */
const expectAnswered = async (sent: Sent): Promise<void> => {
  const { status, text } = await send(gateway, sent);
  expect(status).toBeLessThan(500);
  if (text === '') return;
  const { errors = [] } = JSON.parse(text) as { errors?: readonly AnsweredError[] };
  for (const { extensions } of errors) {
    expect(codes).toContain(extensions.code);
    expect(extensions.code).not.toBe('INTERNAL');
  }
  expect(text).not.toMatch(/node_modules|\.[jt]s:\d/);
};

const words = fc.constantFrom(
  ...'{ } ( ) [ ] : ! $ @ ... query mutation subscription fragment on copyJobs copyJob nodes edges node id'.split(' '),
  ...'first after filter states FAILED upstream __typename __schema __proto__ "" "x" 1 -1 1e9 null true @skip(if:true)'.split(
    ' ',
  ),
  ...'copyOperations upstreamReports target kind parent children _entities representations $v Int $v:'.split(' '),
);
const documents = fc.array(words, { maxLength: 60 }).map((some) => some.join(' '));
const whole = documents.map((text) => `{ copyJobs(first: 1) { nodes { id ${text} } } }`);

describe('whatever is sent', () => {
  it('as a query is answered or refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(documents, whole, fc.string({ unit: 'binary' })),
        fc.object(),
        async (query, variables) => {
          await expectAnswered({ body: JSON.stringify({ query, variables }) });
        },
      ),
      { numRuns: 300 },
    );
    await expectAlive(gateway);
  });

  it('as a body is answered or refused', async () => {
    const bodies = fc.oneof(
      fc.json().map((json) => Buffer.from(json)),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.object().map((value) => Buffer.from(JSON.stringify({ query: '{ __typename }', ...value }))),
    );
    const types = fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', 'x', '');
    const accepts = fc.constantFrom(
      'application/json',
      '*/*',
      'text/event-stream',
      'application/graphql-response+json',
      'x/y',
    );
    await fc.assert(
      fc.asyncProperty(bodies, types, accepts, async (body, type, accept) => {
        if (accept === 'text/event-stream') {
          expect((await send(gateway, { body, headers: { 'content-type': type, accept } })).status).toBeLessThan(500);
        } else await expectAnswered({ body, headers: { 'content-type': type, accept } });
      }),
      { numRuns: 200 },
    );
    await expectAlive(gateway);
  });

  it('as parameters of a URL is answered or refused', async () => {
    const names = fc.constantFrom('query', 'variables', 'extensions', 'operationName', 'documentId', 'x', '__proto__');
    const values = fc.oneof(fc.json(), documents, fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(names, values), { maxLength: 6 }), async (parameters) => {
        const path = `/graphql?${new URLSearchParams(parameters)}`;
        await expectAnswered({ method: 'GET', path, headers: { 'x-graphql-yoga-csrf': '1' } });
      }),
      { numRuns: 150 },
    );
    await expectAlive(gateway);
  });

  it('as bytes is answered or refused, or the connection is closed', async () => {
    const lines = fc.constantFrom(
      'POST /graphql HTTP/1.1',
      'GET /graphql HTTP/1.1',
      'host: localhost',
      'content-type: application/json',
      'content-length: 5',
      'content-length: -1',
      'transfer-encoding: chunked',
      'transfer-encoding: gzip, chunked',
      'expect: 100-continue',
      'upgrade: websocket',
      'connection: upgrade',
      'sec-websocket-key: x',
      '',
      '5',
      '{"a"}',
      '0',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(lines, fc.string({ unit: 'binary' })), { maxLength: 12 }), async (some) => {
        const raw = openRaw(gateway, `${some.join('\r\n')}\r\n\r\n`);
        raw.socket.end(); // nothing more comes
        await raw.closed;
        expect(raw.text()).not.toMatch(/^HTTP\/1\.1 5|node_modules/);
      }),
      { numRuns: 150 },
    );
    await expectAlive(gateway);
  });
});
