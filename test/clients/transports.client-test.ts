import { createHash } from 'node:crypto';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import * as apollo4 from 'apollo-client-4';
import { GraphQL17Alpha9Handler } from 'apollo-client-4/incremental';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { copyJob, startLive } from '../support/live.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { until } from '../support/until.js';
import { majors } from './apollos.js';
import { manifestFile } from '../trusted-documents/documents.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const names = { upstreams: [{ name: 'dc-east' }, { name: 'aws-prod' }] };
const upstreamNames = '{ upstreams { name } }';
const changes = 'subscription { copyOperationChanged { change operation { name } } }';
const deferred = '{ upstreams { name } ... @defer(label: "later") { copyJobs { totalCount } } }';
const first = { copyOperationChanged: { change: 'SNAPSHOT', operation: { name: 'shop-db' } } };

const start = async (options: Parameters<typeof startLive>[0] = {}) => {
  const live = await startLive(options);
  live.held.copyJobs.push(copyJob('J1', 'RUNNING', { ResourceName: 'shop-db' }));
  return live;
};

describe.each(majors)('%s', (_name, { apollo, persisted, incremental }) => {
  const { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } = apollo;
  const clientAt = (uri: string, ...links: readonly InstanceType<typeof ApolloLink>[]) =>
    new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.from([...links, new HttpLink({ uri })]),
      ...incremental,
    });

  it.each(['off', 'prefer'] as const)(
    'with automatic persisted queries asks again with the text: mode %s',
    async (mode) => {
      const persistedMode = { mode, manifest: manifestFile({ x: '{ __typename }' }) };
      const { url } = await start({ persisted: persistedMode });
      const { data } = await clientAt(url, persisted(sha256)).query({ query: gql(upstreamNames) });
      expect(data).toMatchObject(names);
    },
  );

  it('takes a trusted document by its hash alone', async () => {
    const text = '{\n  upstreams {\n    name\n    __typename\n  }\n}';
    const manifest = manifestFile({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: sha256(text), name: 'Q', type: 'query', body: text }],
    });
    const { url } = await start({ persisted: { mode: 'require', manifest } });
    const { data } = await clientAt(url, persisted(sha256)).query({ query: gql(upstreamNames) });
    expect(data).toMatchObject(names);
  });

  it('gets a subscription over plain HTTP, by HttpLink alone', async () => {
    const { url } = await start();
    const events: unknown[] = [];
    const subscription = clientAt(url)
      .subscribe({ query: gql(changes) })
      .subscribe({ next: ({ data }) => void events.push(data) });
    closing({ close: async () => subscription.unsubscribe() });
    await until(() => expect(events).toMatchObject([first]));
  });

  it('gets a deferred part', async () => {
    const { url } = await start();
    const { data } = await clientAt(url).query({ query: gql(deferred) });
    expect(data).toMatchObject({ ...names, copyJobs: { totalCount: 1 } });
  });
});

describe('Apollo Client 4 with the handler of another format', () => {
  it('is told which format there is', async () => {
    const { url } = await start();
    const { ApolloClient, HttpLink, InMemoryCache, gql } = apollo4;
    const incrementalHandler = new GraphQL17Alpha9Handler();
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: new HttpLink({ uri: url }),
      incrementalHandler,
    });
    await expect(client.query({ query: gql(deferred) })).rejects.toMatchObject({
      statusCode: 406,
      bodyText: expect.stringContaining('deferSpec=20220824'),
    });
    expect((await client.query({ query: gql(upstreamNames) })).data).toMatchObject(names);
  });
});

describe('urql', () => {
  it('is told what to set where it asks by GET, and works with either', async () => {
    const { url } = await start();
    const exchanges = [fetchExchange];
    const asNewcomer = await new Client({ url, exchanges, preferGetMethod: true }).query(upstreamNames, {}).toPromise();
    expect(asNewcomer.error?.graphQLErrors[0]?.message).toContain('add `x-graphql-yoga-csrf: 1`, or send a POST');
    const byPost = await new Client({ url, exchanges, preferGetMethod: false }).query(upstreamNames, {}).toPromise();
    const fetchOptions = { headers: { 'x-graphql-yoga-csrf': '1' } };
    const byGet = await new Client({ url, exchanges, preferGetMethod: true, fetchOptions })
      .query(upstreamNames, {})
      .toPromise();
    expect([byPost.data, byGet.data]).toMatchObject([names, names]);
  });

  it.each(['off', 'prefer'] as const)(
    'with automatic persisted queries asks again with the text: mode %s',
    async (mode) => {
      const { url } = await start({ persisted: { mode, manifest: manifestFile({ x: '{ __typename }' }) } });
      const exchanges = [
        persistedExchange({ generateHash: async (text) => sha256(text), preferGetForPersistedQueries: false }),
        fetchExchange,
      ];
      const { data } = await new Client({ url, exchanges, preferGetMethod: false })
        .query(upstreamNames, {})
        .toPromise();
      expect(data).toMatchObject(names);
    },
  );

  it('gets a subscription and a deferred part over plain HTTP', async () => {
    const { url } = await start();
    const client = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false, fetchSubscriptions: true });
    const events: unknown[] = [];
    const { unsubscribe } = client.subscription(changes, {}).subscribe(({ data }) => void events.push(data));
    closing({ close: async () => unsubscribe() });
    await until(() => expect(events).toMatchObject([first]));
    const parts: unknown[] = [];
    const later = client.query(deferred, {}).subscribe(({ data }) => void parts.push(data));
    closing({ close: async () => later.unsubscribe() });
    await until(() => expect(parts.at(-1)).toMatchObject({ ...names, copyJobs: { totalCount: 1 } }));
  });

  it('gets a subscription through graphql-ws', async () => {
    const { url } = await start();
    const ws = createWs({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
    closing({ close: async () => void ws.dispose() });
    const forward = subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({
          unsubscribe: ws.subscribe({ query, variables: { ...variables } }, {
            ...sink,
            complete: () => sink.complete(),
          } as never),
        }),
      }),
    });
    const events: unknown[] = [];
    const client = new Client({ url, exchanges: [fetchExchange, forward], preferGetMethod: false });
    const { unsubscribe } = client.subscription(changes, {}).subscribe(({ data }) => void events.push(data));
    closing({ close: async () => unsubscribe() });
    await until(() => expect(events).toMatchObject([first]));
  });
});

describe('a client with a key', () => {
  const auth = { apiKeys: [apiKey('board-key', ['copy:read'])] };

  it.each([
    ['authorization', bearer('board-key')],
    ['headers', { headers: { Authorization: 'Bearer board-key' } }],
  ])('subscribes by graphql-ws, with it in connectionParams as %s', async (_place, connectionParams) => {
    const { url } = await start({ auth });
    const client = createWs({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams,
      retryAttempts: 0,
    });
    closing({ close: async () => void client.dispose() });
    const { value } = await client.iterate({ query: changes }).next();
    expect(value).toMatchObject({ data: first });
  });

  it('subscribes by graphql-sse', async () => {
    const { url } = await start({ auth });
    const client = createSse({ url, headers: bearer('board-key'), retryAttempts: 0 });
    closing({ close: async () => client.dispose() });
    const { value } = await client.iterate({ query: changes }).next();
    expect(value).toMatchObject({ data: first });
  });
});
