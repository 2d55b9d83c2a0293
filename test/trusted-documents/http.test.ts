import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/assembly/config.js';
import { startCohesity } from '../support/cohesity.js';
import { cohesityAt, startFake } from '../support/fake.js';
import { type GatewayOptions, startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { startIssuer } from '../support/tokens.js';
import { idOf, manifestFile } from './documents.js';

const names = 'query Names { upstreams { name } }';
const named = 'query One($n: Int!) { copyRuns(first: $n) { totalCount } } query Two { upstreams { kind } }';
const dead = cohesityAt({ url: 'http://127.0.0.1:9' });

const start = async (
  mode: Config['persisted']['mode'],
  options: Partial<GatewayOptions> = {},
  documents: readonly string[] | object = [names, named],
) => {
  const persisted = { mode, manifest: manifestFile(documents) };
  const gateway = closing(await startGateway({ upstreams: [dead], persisted, ...options }));
  const read = async (response: Response) => ({ status: response.status, body: await response.json() });
  return {
    ...gateway,
    post: async (body: object, headers: Readonly<Record<string, string>> = {}) =>
      read(
        await fetch(gateway.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }),
      ),
    get: async (params: Readonly<Record<string, string>>) =>
      read(
        await fetch(`${gateway.url}?${new URLSearchParams(params)}`, {
          headers: { 'x-graphql-yoga-csrf': '1' },
        }),
      ),
  };
};

const byHash = (id: unknown, version: unknown = 1) => ({ persistedQuery: { version, sha256Hash: id } });
const answer = { status: 200, body: { data: { upstreams: [{ name: 'dc-east' }] } } };
const refused = (status: number, code: string, message: RegExp) => ({
  status,
  body: { errors: [{ message: expect.stringMatching(message), extensions: { code } }] },
});
const onlyIds = refused(403, 'FORBIDDEN', /Only trusted documents run here: send the id of one as `documentId`/);
const askedForText = (message: string, code: string) => ({
  status: 200,
  body: { errors: [{ message, extensions: { code } }] },
});
const notSupported = askedForText('PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED');
const textWanted = askedForText('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
const unknown = refused(400, 'BAD_USER_INPUT', /No trusted document has that id: add the document to the manifest/);

describe.each(['prefer', 'require'] as const)('with %s, a document of the manifest', (mode) => {
  it('runs by its id, in either place, with and without the name of the hash, by POST and GET', async () => {
    const { post, get } = await start(mode);
    const id = idOf(names);
    const sent = [
      { documentId: id },
      { documentId: `sha256:${id}` },
      { extensions: byHash(id) },
      { query: '', documentId: id },
      { query: null, extensions: byHash(id) },
    ];
    for (const body of sent) expect([body, await post(body)]).toEqual([body, answer]);
    expect(await get({ documentId: id })).toEqual(answer);
    expect(await get({ documentId: `sha256:${id}` })).toEqual(answer);
    expect(await get({ extensions: JSON.stringify(byHash(id)) })).toEqual(answer);
  });

  it('runs by an id that has no name of a hash in the manifest, sent with one or without', async () => {
    const { post } = await start(mode, {}, { abc: names });
    for (const documentId of ['abc', 'sha256:abc', 'sha1:abc']) expect(await post({ documentId })).toEqual(answer);
    expect(await post({ documentId: 'md5:abc' })).toMatchObject(unknown);
  });

  it('takes the variables and the name of the operation', async () => {
    const cohesity = closing(await startCohesity());
    const { post } = await start(mode, { upstreams: [cohesityAt(cohesity)] });
    const documentId = idOf(named);
    expect((await post({ documentId, operationName: 'Two' })).body).toEqual({
      data: { upstreams: [{ kind: 'COHESITY' }] },
    });
    expect((await post({ documentId, operationName: 'One', variables: { n: 3 } })).body).toEqual({
      data: { copyRuns: { totalCount: 0 } },
    });
    const { body } = await post({ documentId, operationName: 'One', variables: { n: 'x' } });
    expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('is not found by an id that no manifest has', async () => {
    const { post, get } = await start(mode);
    for (const id of ['', 'x', '__proto__', 'constructor', 'sha256:__proto__', 'sha256:', idOf('x')]) {
      expect([id, await post({ documentId: id })]).toMatchObject([id, unknown]);
      const byItsHash = mode === 'prefer' ? textWanted : unknown;
      expect([id, await post({ extensions: byHash(id) })]).toMatchObject([id, byItsHash]);
    }
    expect(await get({ documentId: '__proto__' })).toMatchObject(unknown);
    expect((await post({ documentId: 'x' })).body.errors[0].message.includes('as `query`')).toBe(mode === 'prefer');
  });

  it('is not asked for by what is no id', async () => {
    const { post } = await start(mode);
    for (const documentId of [5, {}, [idOf(names)], true]) {
      expect(await post({ documentId })).toMatchObject(refused(400, 'BAD_USER_INPUT', /`documentId` must be the id/));
    }
    for (const persistedQuery of [5, {}, [], { version: 2, sha256Hash: idOf(names) }, { version: 1, sha256Hash: 5 }]) {
      expect(await post({ extensions: { persistedQuery } })).toMatchObject(
        refused(400, 'BAD_USER_INPUT', /`extensions.persistedQuery` must be/),
      );
    }
  });

  it('may be no mutation by GET', async () => {
    const document = 'mutation M { cancelCopyRun(id: "CopyRun:x") { __typename } }';
    const { get } = await start(mode, {}, [document]);
    expect(await get({ documentId: idOf(document) })).toMatchObject({ status: 405 });
  });
});

describe('where trusted documents are off', () => {
  it('a text runs, an id is refused, and a hash is answered with the words for which clients send the text', async () => {
    const gateway = await start('off');
    expect(await gateway.post({ query: names })).toEqual(answer);
    const no = refused(400, 'BAD_USER_INPUT', /Ids of documents are not supported here: send the text as `query`/);
    expect(await gateway.post({ documentId: idOf(names) })).toMatchObject(no);
    expect(await gateway.get({ documentId: idOf(names) })).toMatchObject(no);
    const extensions = byHash(idOf(names));
    expect(await gateway.post({ extensions })).toEqual(notSupported);
    expect(await gateway.post({ operationName: null, variables: {}, extensions })).toEqual(notSupported);
    expect(await gateway.get({ extensions: JSON.stringify(extensions) })).toEqual(notSupported);
    expect(await gateway.post({ query: names, extensions })).toEqual(answer);
  });

  it('needs no manifest', async () => {
    const persisted = { mode: 'off', manifest: '/nonexistent.json' } as const;
    const gateway = closing(await startGateway({ upstreams: [dead], persisted }));
    expect((await gateway.execute(names)).errors).toEqual([]);
  });
});

describe('where they are preferred', () => {
  it('a text runs too, and counts where an id stands beside it', async () => {
    const { post } = await start('prefer');
    expect(await post({ query: names })).toEqual(answer);
    expect(await post({ query: names, documentId: 'x', extensions: byHash('y') })).toEqual(answer);
    const { body } = await post({ query: '{ upstreams { kind } }', documentId: idOf(names) });
    expect(body).toEqual({ data: { upstreams: [{ kind: 'COHESITY' }] } });
  });

  it('an unknown hash is answered with the words for which clients send the text', async () => {
    const { post } = await start('prefer');
    const text = '{ upstreams { kind } }';
    const extensions = byHash(idOf(text));
    expect(await post({ extensions })).toEqual(textWanted);
    expect((await post({ query: text, extensions })).body).toEqual({ data: { upstreams: [{ kind: 'COHESITY' }] } });
    expect(await post({ extensions })).toEqual(textWanted); // it learns no texts
  });

  it('nothing at all is told what to send', async () => {
    const { post } = await start('prefer');
    expect(await post({})).toMatchObject(
      refused(400, 'BAD_USER_INPUT', /The request has no operation: send the text of one as `query`/),
    );
  });
});

describe('where they are required', () => {
  it('no text runs, whatever it is and whatever stands beside it', async () => {
    const { post, get } = await start('require', { graphiql: true });
    const id = idOf(names);
    const sent = [
      { query: names },
      { query: '{ __typename }' },
      { query: '{ __schema { types { name } } }' },
      { query: '{ _service { sdl } }' },
      { query: '{' },
      { query: ' ' },
      { query: names, documentId: id },
      { query: names, extensions: byHash(id) },
    ];
    for (const body of sent) expect([body, await post(body)]).toMatchObject([body, onlyIds]);
    expect(await get({ query: names })).toMatchObject(onlyIds);
    expect(await get({ query: names, documentId: id })).toMatchObject(onlyIds);
  });

  it('nothing at all is told what to send', async () => {
    const { post } = await start('require');
    const told = refused(400, 'BAD_USER_INPUT', /The request has no operation: send the id of a trusted document/);
    expect(await post({})).toMatchObject(told);
    expect(await post({ extensions: {} })).toMatchObject(told);
  });

  it('no text gets to the upstream', async () => {
    const fake = closing(await startFake(() => ({ body: [] })));
    const { post } = await start('require', { upstreams: [cohesityAt(fake)] });
    await post({ query: '{ copyRuns { totalCount } }' });
    expect(fake.seen).toEqual([]);
  });

  it('a document of the manifest is checked like any other before it runs', async () => {
    const document = '{ __schema { queryType { name } } }';
    const { post } = await start('require', { introspection: false }, [document]);
    const { body } = await post({ documentId: idOf(document) });
    expect([body.data, body.errors[0].extensions.code]).toEqual([undefined, 'GRAPHQL_VALIDATION_FAILED']);
  });

  it('the page of GraphiQL opens', async () => {
    const { url } = await start('require', { graphiql: true });
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it('a subscription runs by its id over an event stream, and not by its text', async () => {
    const document = 'subscription S { copyOperationChanged { __typename } }';
    const { url } = await start('require', {}, [document]);
    const listen = (params: Readonly<Record<string, string>>) =>
      fetch(`${url}?${new URLSearchParams(params)}`, {
        headers: { accept: 'text/event-stream', 'x-graphql-yoga-csrf': '1' },
      });
    expect(await (await listen({ query: document })).text()).toContain('FORBIDDEN');
    const stream = await listen({ documentId: idOf(document) });
    const first = await stream.body?.getReader().read(); // a comment that keeps it alive, and no refusal
    expect(Buffer.from(first?.value ?? '').toString()).toBe(':\n\n');
  });
});

describe('a caller', () => {
  const scopes = ['copy:read'] as const;

  it('has the policy of their key, and what that leaves out from the common one', async () => {
    const own = 'query Own { upstreams { kind } }';
    const manifest = manifestFile([own]);
    const apiKeys = [
      apiKey('plain', scopes),
      { ...apiKey('gateway', scopes), persisted: { mode: 'off' as const } },
      { ...apiKey('prefers', scopes), persisted: { mode: 'prefer' as const } },
      { ...apiKey('other-app', scopes), persisted: { manifest } },
    ];
    const { post } = await start('require', { auth: { apiKeys } });
    const tried = async (key: string) => {
      const sent = [{ query: names }, { documentId: idOf(names) }, { documentId: idOf(own) }];
      const answers = await Promise.all(sent.map((body) => post(body, bearer(key))));
      return answers.map(({ status }) => status);
    };
    expect(await tried('plain')).toEqual([403, 200, 400]);
    expect(await tried('gateway')).toEqual([200, 400, 400]);
    expect(await tried('prefers')).toEqual([200, 200, 400]);
    expect(await tried('other-app')).toEqual([403, 400, 200]);
    expect(await tried('nobody')).toEqual([401, 401, 401]);
    expect(await post({ query: '{ _service { sdl } }' }, bearer('gateway'))).toMatchObject({ status: 200 });
  });

  it('may be held to the manifest where others are not', async () => {
    const apiKeys = [apiKey('plain', scopes), { ...apiKey('strict', scopes), persisted: { mode: 'require' as const } }];
    const { post } = await start('off', { auth: { apiKeys } });
    expect(await post({ query: names }, bearer('plain'))).toEqual(answer);
    expect(await post({ query: names }, bearer('strict'))).toMatchObject(onlyIds);
    expect(await post({ documentId: idOf(names) }, bearer('strict'))).toEqual(answer);
  });

  it('with a token that has the name of a key has the common policy all the same', async () => {
    const issuer = await startIssuer();
    const apiKeys = [{ ...apiKey('gateway', scopes), persisted: { mode: 'off' as const } }];
    const { post } = await start('require', { auth: { apiKeys, jwt: issuer.config } });
    const token = await issuer.token({ sub: 'gateway' });
    expect(await post({ query: names }, bearer(token))).toMatchObject(onlyIds);
    expect(await post({ documentId: idOf(names) }, bearer(token))).toEqual(answer);
  });
});
