import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { defaultConfig, parseConfig } from '../../src/assembly/config.js';
import { startServer } from '../../src/assembly/server.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { type Fake, awsBackupAt } from '../support/fake.js';
import { type Answer, startGateway } from '../support/gateway.js';
import { expectAlive } from '../support/alive.js';
import { send } from '../support/http.js';
import { calm } from '../support/calm.js';
import { closing } from '../support/products.js';
import { openSocket } from '../support/websocket.js';

const production = { NODE_ENV: 'production' };
const upstream = { id: 'a', kind: 'aws-backup', region: 'us-east-1' } as const;
const withServer = (server: string): string => `${server}\nupstreams: [{ id: a, kind: aws-backup, region: us-east-1 }]`;

describe('a config in production', () => {
  it.each<[string, string, NodeJS.ProcessEnv, boolean, boolean]>([
    ['that says nothing', '', production, false, false],
    ['of a server elsewhere', 'server: { port: 4001 }', production, false, false],
    ['that wants the page', 'server: { graphiql: true }', production, true, false],
    [
      'that wants both',
      'server: { graphiql: true, introspection: "${ON}" }',
      { ...production, ON: 'true' },
      true,
      true,
    ],
    ['that says no', 'server: { graphiql: false, introspection: false }', {}, false, false],
    ['of a person who tries it', '', { NODE_ENV: 'development' }, true, true],
    ['of a test', '', {}, true, true],
  ])('%s: %j, %j', (_what, server, env, graphiql, introspection) => {
    expect(parseConfig(withServer(server), 'test.yaml', env).server).toMatchObject({ graphiql, introspection });
  });

  it('is the sandbox’s too', () => {
    expect(defaultConfig([upstream], production).server).toMatchObject({ graphiql: false, introspection: false });
    expect(defaultConfig([upstream], {}).server).toMatchObject({ graphiql: true, introspection: true });
  });

  it('has the rest of its defaults, and HOST and PORT', () => {
    const { server } = parseConfig(withServer(''), 'test.yaml', { ...production, PORT: '4100' });
    expect(server).toMatchObject({ host: '127.0.0.1', port: 4100, graphiql: false, introspection: false });
  });
});

const guesses: readonly (readonly [query: string, variables?: Record<string, unknown>])[] = [
  ['{ copyRunz { totalCount } }'],
  ['{ copyRuns { totalCoun } }'],
  ['{ copyRuns(firs: 1) { totalCount } }'],
  ['{ copyRuns(filter: { upstream: "a" }) { totalCount } }'],
  ['{ copyOperations(filter: { types: [COPY_RUNN] }) { totalCount } }'],
  ['{ copyOperations { nodes { copyJobId } } }'],
  ['{ copyOperations { nodes { ... on CopyJobb { id } } } }'],
  ['{ copyRuns @skipp(if: true) { totalCount } }'],
  ['query ($f: CopyOperationFilterr) { copyOperations(filter: $f) { totalCount } }'],
  ['query ($f: CopyOperationFilter) { copyOperations(filter: $f) { totalCount } }', { f: { types: ['COPY_RUNN'] } }],
  ['query ($f: CopyOperationFilter) { copyOperations(filter: $f) { totalCount } }', { f: { typez: ['COPY_RUN'] } }],
  ['subscription ($f: CopyOperationFilter) { copyOperationChanged(filter: $f) { change } }', { f: { typez: [] } }],
  ['mutation { failoverr(input: {}) { __typename } }'],
];

const start = async (
  introspection: boolean,
): Promise<{ aws: Fake; gateway: Awaited<ReturnType<typeof startGateway>> }> => {
  const aws = closing(await startAwsBackup());
  return { aws, gateway: closing(await startGateway({ upstreams: [awsBackupAt(aws)], introspection })) };
};

const messages = ({ errors }: Pick<Answer<unknown>, 'errors'>): readonly string[] =>
  errors.map(({ message }) => message);

describe('a gateway without introspection', () => {
  it('does not say which name was meant, over any transport', async () => {
    const { aws, gateway } = await start(false);
    const socket = await openSocket(gateway);
    await socket.init();
    for (const [index, [query, variables]] of guesses.entries()) {
      for (const turn of [1, 2]) {
        const overHttp = messages(await gateway.execute(query, variables, { accept: 'application/json' }));
        const id = `${index}-${turn}`;
        socket.start(id, query, variables);
        const [{ payload } = { payload: null }] = await socket.answer(id);
        const overSocket = messages({ errors: Array.isArray(payload) ? payload : payload.errors });
        expect(overSocket).toEqual(overHttp);
        expect(overHttp.length, query).toBeGreaterThan(0);
        for (const message of overHttp) {
          expect(message).not.toMatch(/did you mean/i);
          expect(message).toMatch(/\S[.!"]$/);
        }
      }
    }
    expect(aws.seen).toEqual([]);
    await expectAlive(gateway);
  });

  it('says so where there is introspection', async () => {
    const { gateway } = await start(true);
    const told = [];
    for (const [query, variables] of guesses.filter(([text]) => !text.startsWith('subscription')))
      told.push(...messages(await gateway.execute(query, variables)));
    expect(told.filter((message) => message.includes('Did you mean')).length).toBeGreaterThan(8);
  });

  it('does not tell its types', async () => {
    const { gateway } = await start(false);
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }']) {
      const { errors, data } = await gateway.execute(query);
      expect([errors[0]?.extensions.code, data]).toEqual(['GRAPHQL_VALIDATION_FAILED', undefined]);
    }
  });
});

describe('a server in production', () => {
  it('has no page, and leads nobody to one', async () => {
    const config = defaultConfig([upstream], { ...production, PORT: '0' });
    const server = await startServer(config, pino({ level: 'silent' }), { vitals: calm });
    closing({ close: () => server.drain() });
    const headers = { 'content-type': null, accept: 'text/html,*/*;q=0.8' };
    for (const [path, status] of [
      ['/', 404],
      ['/graphql', 406],
      ['/graphql?query={__typename}', 406],
    ] as const) {
      const answer = await send(server, { method: 'GET', path, headers });
      expect([path, answer.status]).toEqual([path, status]);
      expect(answer.text).not.toMatch(/<html|graphiql/i);
    }
  });
});
