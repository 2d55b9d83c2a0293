import { type GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { jsonOrUndefined } from '../domain/json.js';
import { isMapping } from '../domain/mapping.js';
import { refusedRequest } from './refusal.js';

/** The texts of documents by id. A map, so that an id never matches a member that every object has. */
export type Manifest = ReadonlyMap<string, string>;

/**
 * The operations that a caller may send. `off`: texts. `prefer`: texts, and ids of the manifest. `require`: only ids.
 */
export interface DocumentPolicy {
  readonly mode: 'off' | 'prefer' | 'require';
  readonly documents: Manifest;
}

/** An operation as it was sent, with an id in either place, or without one. */
export interface AskedParams extends GraphQLParams {
  readonly documentId?: unknown;
}

/** An id in a form for messages. */
const shown = (id: string): string => JSON.stringify(id.length > 80 ? `${id.slice(0, 79)}…` : id);

const parseObject = (text: string): Record<string, unknown> => {
  const data = jsonOrUndefined(text);
  if (data === undefined) throw new Error('is not JSON');
  if (!isMapping(data)) throw new Error('must be a JSON object of ids and the texts of documents');
  return data;
};

/** The `format` in files of `@apollo/generate-persisted-query-manifest`. */
const APOLLO_FORMAT = 'apollo-persisted-query-manifest';

/** The ids and texts of Apollo's manifest: a list of operations, each with its `id` and `body`. */
const apolloEntries = ({ version, operations }: Record<string, unknown>): readonly (readonly [string, unknown])[] => {
  if (version !== 1 || !Array.isArray(operations))
    throw new Error(`has the format ${APOLLO_FORMAT}, of which only version 1 with a list of operations is supported`);
  return operations.map((operation: unknown, index) => {
    if (!isMapping(operation) || typeof operation['id'] !== 'string')
      throw new Error(`has no id in its operation ${index}`);
    return [operation['id'], operation['body']];
  });
};

/** Apollo's manifest is known by its first member; Relay and the client preset write an object of ids and texts. */
const entriesOf = (data: Record<string, unknown>): readonly (readonly [string, unknown])[] => {
  if (data['format'] === APOLLO_FORMAT) return apolloEntries(data);
  if ('format' in data && 'operations' in data)
    throw new Error(
      `has another format than ${APOLLO_FORMAT}; use that, or an object of ids and the texts of documents`,
    );
  return Object.entries(data);
};

/**
 * Reads the text of a manifest, and checks each document against the schema. Throws an `Error` whose message continues
 * a sentence that begins with the file's name.
 */
export const parseManifest = (text: string, schema: GraphQLSchema): Manifest => {
  const documents = new Map<string, string>();
  for (const [id, document] of entriesOf(parseObject(text))) {
    const fail = (what: string) => new Error(`has the document ${shown(id)}, which ${what}`);
    if (typeof document !== 'string') throw fail('is not text');
    const known = documents.get(id);
    if (known !== undefined && known !== document) throw fail('appears twice, with different texts');
    let problem: Error | undefined;
    try {
      [problem] = validate(schema, parse(document), undefined, { maxErrors: 1 });
    } catch (error) {
      throw fail(`does not parse: ${error instanceof Error ? error.message : 'the reason is unknown'}`);
    }
    if (problem !== undefined) throw fail(`does not fit the schema: ${problem.message}`);
    documents.set(id, document);
  }
  return documents;
};

const badInput = (message: string): GraphQLError => refusedRequest(400, 'BAD_USER_INPUT', message);

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** The id in an operation; `null` for none. */
const idIn = ({ documentId, extensions }: AskedParams): string | null => {
  const persisted: unknown = isMapping(extensions) ? extensions['persistedQuery'] : undefined;
  if (!isAbsent(documentId)) {
    if (typeof documentId !== 'string') throw badInput('`documentId` must be the id of a document, as text.');
    return documentId;
  }
  if (isAbsent(persisted)) return null;
  if (isMapping(persisted) && persisted['version'] === 1 && typeof persisted['sha256Hash'] === 'string') {
    return persisted['sha256Hash'];
  }
  throw badInput('`extensions.persistedQuery` must be `{ "version": 1, "sha256Hash": "<id>" }`.');
};

/**
 * Clients with automatic persisted queries send only a hash at first. This answer makes them send the text. It has
 * status 200, as from Apollo Server, because some clients read errors from no other status.
 */
const askForText = (what: 'NotSupported' | 'NotFound'): GraphQLError =>
  refusedRequest(
    200,
    what === 'NotFound' ? 'PERSISTED_QUERY_NOT_FOUND' : 'PERSISTED_QUERY_NOT_SUPPORTED',
    `PersistedQuery${what}`,
  );

/** Whether the id came as a hash, as in automatic persisted queries, and not as `documentId`. */
const isHash = ({ documentId }: AskedParams): boolean => isAbsent(documentId);

const hashNames = ['sha256:', 'sha1:'];

/** Finds a document by its id, with or without the hash's name before it, as the manifest has it. */
const find = (documents: Manifest, id: string): string | null => {
  const name = hashNames.find((one) => id.startsWith(one));
  const same = name === undefined ? hashNames.map((one) => one + id) : [id.slice(name.length)];
  return [id, ...same].map((one) => documents.get(one)).find((text) => text !== undefined) ?? null;
};

/** The error if an id has no text. Clients that send hashes can send the text next, unless only ids run. */
const notFound = ({ mode }: DocumentPolicy, hashed: boolean): GraphQLError => {
  if (mode === 'off')
    return hashed
      ? askForText('NotSupported')
      : badInput('Ids of documents are not supported here: send the text as `query`.');
  if (mode === 'prefer' && hashed) return askForText('NotFound');
  const otherwise = mode === 'prefer' ? ', or send its text as `query`' : '';
  return badInput(`No trusted document has that id: add the document to the manifest${otherwise}.`);
};

const nothingAsked = ({ mode }: DocumentPolicy): GraphQLError =>
  mode === 'require'
    ? badInput('The request has no operation: send the id of a trusted document as `documentId`.')
    : badInput('The request has no operation: send the text of one as `query`.');

const onlyTrusted = (): GraphQLError =>
  refusedRequest(
    403,
    'FORBIDDEN',
    'Only trusted documents run here: send the id of one as `documentId`, without the text of a `query`.',
  );

export interface TrustedDocuments {
  /** Applies each caller's policy over HTTP. */
  readonly plugin: Plugin;
  /** The same for other transports: the operation, with the text for its id. */
  resolve(request: Request, params: AskedParams): Promise<GraphQLParams>;
}

/**
 * Yoga's persisted operations, with a policy for each caller. If there is a text, an id beside it is ignored; some
 * clients send an empty text beside an id, and then the id counts. Documents in `always` run for every caller.
 */
export const createTrustedDocuments = (
  policyOf: (request: Request) => DocumentPolicy,
  always: Manifest = new Map(),
): TrustedDocuments => {
  const { onParams } = usePersistedOperations({
    allowArbitraryOperations: (request) => policyOf(request).mode !== 'require',
    extractPersistedOperationId: idIn,
    getPersistedOperation: (id, request) => find(policyOf(request).documents, id) ?? find(always, id),
    customErrors: {
      notFound: ({ request, params }) => notFound(policyOf(request), isHash(params)),
      keyNotFound: ({ request }) => nothingAsked(policyOf(request)),
      persistedQueryOnly: onlyTrusted,
    },
  });
  const hook: NonNullable<Plugin['onParams']> = async (payload) => {
    const { documentId: _id, ...known }: AskedParams = payload.params;
    payload.setParams(known); // Yoga knows no others
    await onParams?.(payload);
  };
  return {
    plugin: { onParams: hook },
    resolve: async (request, params) => {
      let resolved: GraphQLParams = params;
      const payload = { request, params, context: {}, setParams: (next: GraphQLParams) => (resolved = next) };
      await hook(payload as unknown as Parameters<typeof hook>[0]); // the plugin reads only these members
      return resolved;
    },
  };
};
