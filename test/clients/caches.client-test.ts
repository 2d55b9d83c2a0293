import { readFileSync } from 'node:fs';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { describe, expect, it } from 'vitest';
import { majors } from './apollos.js';
import { boardOf, boardQuery, bothBoards, startTwins } from './twins.js';

const json = (name: string) => JSON.parse(readFileSync(`client/${name}`, 'utf8'));
const possibleTypes = json('possible-types.json');
const introspection = json('introspection.json');

interface Rows {
  readonly nodes: readonly { readonly state: string }[];
}

describe.each(majors)('the cache of %s', (_name, { apollo }) => {
  const { ApolloClient, HttpLink, InMemoryCache, gql } = apollo;
  it('keeps two objects with equal local ids of two clusters apart', async () => {
    const { url } = await startTwins();
    const client = new ApolloClient({ cache: new InMemoryCache({ possibleTypes }), link: new HttpLink({ uri: url }) });
    const query = gql(boardQuery);
    await client.query({ query });
    const kept = client.readQuery<{ copyRuns: Rows }>({ query });
    expect(boardOf(kept?.copyRuns.nodes ?? [])).toEqual(bothBoards);
    const ids = Object.keys(Object(client.extract()));
    expect(ids.filter((id) => id.startsWith('ProtectionJob:')).sort()).toEqual([
      'ProtectionJob:ProtectionJob:dc-east:7',
      'ProtectionJob:ProtectionJob:dc-west:7',
    ]);
    expect(ids.filter((id) => id.startsWith('UniversalId'))).toEqual([]); // no object by itself
  });

  it('knows by possible-types.json which types a fragment on an interface fits', async () => {
    const { url } = await startTwins();
    const client = new ApolloClient({ cache: new InMemoryCache({ possibleTypes }), link: new HttpLink({ uri: url }) });
    const query = gql`
      {
        copyOperations(first: 5) {
          nodes {
            __typename
            ...Row
          }
        }
      }
      fragment Row on CopyOperation {
        id
        name
        ... on Activity {
          state
        }
      }
    `;
    await client.query({ query });
    const kept = client.readQuery<{ copyOperations: Rows }>({ query });
    expect(kept?.copyOperations.nodes.map(({ state }) => state)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  });
});

describe('urql’s Graphcache', () => {
  it('keeps two objects with equal local ids of two clusters apart, and warns of nothing', async () => {
    const { url } = await startTwins();
    const warnings: string[] = [];
    const keys = Object.fromEntries(
      introspection.__schema.types
        .filter(
          (type: { kind: string; name: string; fields: { name: string }[] }) =>
            type.kind === 'OBJECT' && !type.fields.some(({ name }) => name === 'id'),
        )
        .map(({ name }: { name: string }) => [name, () => null]),
    );
    const cache = cacheExchange({ schema: introspection, keys, logger: (_severity, text) => void warnings.push(text) });
    const client = new Client({ url, preferGetMethod: false, exchanges: [cache, fetchExchange] });
    await client.query(boardQuery, {}).toPromise();
    const { data, stale } = await client.query(boardQuery, {}, { requestPolicy: 'cache-only' }).toPromise();
    expect([stale, boardOf(data.copyRuns.nodes)]).toEqual([false, bothBoards]);
    expect(warnings).toEqual([]);
  });
});
