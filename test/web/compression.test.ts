import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { request } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { packOnce } from '../../src/edge/compression.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { awsBackupAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { wireCopyJob } from '../support/wire.js';

const large = '{ __schema { types { name description } } }';
const small = '{ __typename }';

let gateway: Gateway;
beforeEach(async () => {
  gateway = closing(await startGateway({ upstreams: [awsBackupAt(closing(await startAwsBackup()))] }));
});

/** The bytes as they come, since `fetch` would unpack them. */
const ask = (query: string, headers: Readonly<Record<string, string>>, path = '/graphql') =>
  new Promise<{ readonly encoding: string | undefined; readonly vary: string | undefined; readonly bytes: Buffer }>(
    (resolve, reject) => {
      const method = path === '/graphql' ? 'POST' : 'GET';
      const usual = { 'content-type': 'application/json', accept: 'application/json' };
      const options = { method, agent: false, headers: { ...usual, ...headers } };
      const asking = request(new URL(path, gateway.url), options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const { 'content-encoding': encoding, vary } = response.headers;
          resolve({ encoding, vary, bytes: Buffer.concat(chunks) });
        });
      });
      asking.on('error', reject);
      asking.end(method === 'POST' ? JSON.stringify({ query }) : undefined);
    },
  );

const records = '{ copyJobs(first: 100) { nodes { id copyJobId } } }';

const unpack = { gzip: gunzipSync, br: brotliDecompressSync, deflate: inflateSync };

const unpackedOf = ({ encoding, bytes }: { readonly encoding: string | undefined; readonly bytes: Buffer }): Buffer =>
  encoding === 'gzip' || encoding === 'br' || encoding === 'deflate' ? unpack[encoding](bytes) : bytes;

describe('an answer of more than 1 kB', () => {
  it.each(['gzip', 'br', 'deflate'] as const)('is packed by %s for who takes that', async (encoding) => {
    const plain = await ask(large, {});
    const packed = await ask(large, { 'accept-encoding': encoding });
    expect([packed.encoding, packed.vary]).toEqual([encoding, 'Accept-Encoding']);
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 3);
    expect(unpack[encoding](packed.bytes).equals(plain.bytes)).toBe(true);
  });

  it.each(['gzip, deflate, br', '*', 'gzip;q=0.5'])('is packed for who takes %s', async (accepted) => {
    const { encoding } = await ask(large, { 'accept-encoding': accepted });
    expect(['gzip', 'br']).toContain(encoding);
  });

  it.each(['', 'identity', 'zstd', 'gzip;q=0, br;q=0'])('is as it is for who takes %j', async (accepted) => {
    const { encoding, bytes } = await ask(large, accepted === '' ? {} : { 'accept-encoding': accepted });
    expect(encoding).toBeUndefined();
    expect(JSON.parse(String(bytes))).toHaveProperty('data.__schema');
  });

  it('is packed under GraphQL’s own media type too, and so are the metrics', async () => {
    const accept = 'application/graphql-response+json';
    expect((await ask(large, { 'accept-encoding': 'gzip', accept })).encoding).toBe('gzip');
    const metrics = await ask('', { 'accept-encoding': 'gzip' }, '/metrics');
    expect(metrics.encoding).toBe('gzip');
    expect(String(gunzipSync(metrics.bytes))).toContain('copygraph_operations_total');
  });
});

describe('what stays as it is for who takes gzip', () => {
  it('is a short answer', async () => {
    const { encoding, bytes } = await ask(small, { 'accept-encoding': 'gzip' });
    expect([encoding, String(bytes)]).toEqual([undefined, '{"data":{"__typename":"Query"}}']);
  });

  it.each([
    ['text/event-stream', large],
    ['multipart/mixed', '{ ... @defer { __schema { types { name description } } } }'],
  ])('is an answer that comes bit by bit: %s', async (accept, query) => {
    const { encoding, bytes } = await ask(query, { 'accept-encoding': 'gzip', accept });
    expect([undefined, 'none']).toContain(encoding);
    expect(String(bytes)).toContain('"__schema"');
  });
});

describe('an answer that is sent again', () => {
  const bytes = Buffer.from(JSON.stringify({ data: 'x'.repeat(5000) }));
  const taking = (accepted?: string) => ({ headers: accepted === undefined ? {} : { 'accept-encoding': accepted } });

  it('is packed once for all who take it in one way', async () => {
    const [first, second] = ['gzip, deflate, br', 'br;q=1.0, *;q=0.5'].map((one) => packOnce(taking(one), bytes));
    expect([first?.encoding, second?.encoding]).toEqual(['br', 'br']);
    expect(first?.bytes).toBe(second?.bytes);
    expect(brotliDecompressSync((await first?.bytes) ?? '').equals(bytes)).toBe(true);
    const other = packOnce(taking('gzip'), bytes);
    expect(gunzipSync((await other?.bytes) ?? '').equals(bytes)).toBe(true);
    expect(packOnce(taking('br'), Buffer.from(bytes))?.bytes).not.toBe(first?.bytes); // it is another answer
  });

  it.each([undefined, 'identity', 'deflate', 'gzip;q=0, br;q=0'])('is not packed so for who takes %j', (accepted) => {
    expect(packOnce(taking(accepted), bytes)).toBeNull();
  });

  it.each(['gzip', 'br', 'gzip, deflate, br', 'deflate', 'br;q=0.1, gzip', 'identity'])(
    'is packed as the first time for who takes %j',
    async (accepted) => {
      const startedAt = Date.now() / 1000 - 60;
      const copyJobs = Array.from({ length: 100 }, (_, n) => wireCopyJob(`job-${n}`, { CreationDate: startedAt }));
      const upstreams = [awsBackupAt(closing(await startAwsBackup({ copyJobs })))];
      const cache = { answerSeconds: 3600, listSeconds: 3600, runningSeconds: 3600 };
      gateway = closing(await startGateway({ upstreams, cache }));
      const answers = [];
      for (let time = 0; time < 5; time += 1) answers.push(await ask(records, { 'accept-encoding': accepted }));
      expect(String((await ask('', {}, '/metrics')).bytes)).toContain('copygraph_answers_total{result="kept"} 3');
      const [first] = answers;
      const unpacked = answers.map((one) => String(unpackedOf(one)));
      expect(unpacked).toEqual(answers.map(() => unpacked[0]));
      expect(JSON.parse(unpacked[0] ?? '')).toHaveProperty('data.copyJobs.nodes.99');
      expect(answers.map(({ encoding, vary }) => [encoding, vary])).toEqual(
        answers.map(() => [first?.encoding, 'Accept-Encoding']),
      );
    },
  );
});
