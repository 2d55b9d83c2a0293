import { GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';

/** The texts of documents by their ids. A map, so that no id finds what every object has. */
export type Manifest = ReadonlyMap<string, string>;

/** What a caller may send. `off`: texts. `prefer`: texts, and ids of the manifest. `require`: ids alone. */
export interface DocumentPolicy {
  readonly mode: 'off' | 'prefer' | 'require';
  readonly documents: Manifest;
}

/** What says which document an operation is. Nothing of it has been checked. */
export interface Asked {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An id as a message may quote it. */
const shown = (id: string): string => JSON.stringify(id.length > 80 ? `${id.slice(0, 79)}…` : id);

const parseObject = (text: string): Record<string, unknown> => {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error('is not JSON');
  }
  if (!isObject(data)) throw new Error('must be a JSON object of ids and the texts of documents');
  return data;
};

/**
 * Reads the text of a manifest, and sees that the schema takes each document. Throws an `Error` that says what is wrong
 * with it, to go behind the name of its file.
 */
export const parseManifest = (text: string, schema: GraphQLSchema): Manifest => {
  const documents = new Map<string, string>();
  for (const [id, document] of Object.entries(parseObject(text))) {
    const fail = (what: string) => new Error(`has the document ${shown(id)}, which ${what}`);
    if (typeof document !== 'string') throw fail('is no text');
    let problem: Error | undefined;
    try {
      [problem] = validate(schema, parse(document), undefined, { maxErrors: 1 });
    } catch (error) {
      throw fail(`does not parse: ${error instanceof Error ? error.message : 'no reason is known'}`);
    }
    if (problem !== undefined) throw fail(`does not fit the schema: ${problem.message}`);
    documents.set(id, document);
  }
  return documents;
};

const refusal = (code: string, status: number, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status } } });

const badInput = (message: string): GraphQLError => refusal('BAD_USER_INPUT', 400, message);

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** The id that stands for the document, in either place; `null` for none. */
const idIn = ({ documentId, extensions }: Asked): string | null => {
  const persisted: unknown = isObject(extensions) ? extensions['persistedQuery'] : undefined;
  if (!isAbsent(documentId)) {
    if (typeof documentId !== 'string') throw badInput('`documentId` must be the id of a document, as text.');
    return documentId;
  }
  if (isAbsent(persisted)) return null;
  if (isObject(persisted) && persisted['version'] === 1 && typeof persisted['sha256Hash'] === 'string') {
    return persisted['sha256Hash'];
  }
  throw badInput('`extensions.persistedQuery` must be `{ "version": 1, "sha256Hash": "<id>" }`.');
};

const hashNames = ['sha256:', 'sha1:'];

/** With or without the name of the hash before it, whichever the manifest has. */
const find = (documents: Manifest, id: string): string | undefined => {
  const name = hashNames.find((one) => id.startsWith(one));
  const same = name === undefined ? hashNames.map((one) => one + id) : [id.slice(name.length)];
  return [id, ...same].map((one) => documents.get(one)).find((text) => text !== undefined);
};

/**
 * The text of the document that an id stands for; `null` where none does, and what was sent stays as it is. A text
 * counts, and an id beside it does not. Throws a `GraphQLError` for what the policy does not let in.
 */
export const trustedDocument = (asked: Asked, { mode, documents }: DocumentPolicy): string | null => {
  // Some clients, and all over WebSockets, send an empty text beside an id.
  if (!isAbsent(asked.query) && asked.query !== '') {
    if (mode !== 'require') return null;
    throw refusal(
      'FORBIDDEN',
      403,
      'Only trusted documents run here: send the id of one as `documentId`, without the text of a `query`.',
    );
  }
  const id = idIn(asked);
  if (id === null) {
    if (mode !== 'require') return null; // it is refused for having no query
    throw badInput('Nothing was asked: send the id of a trusted document as `documentId`.');
  }
  if (mode === 'off') throw badInput('Ids of documents are not taken here: send the text as `query`.');
  const text = find(documents, id);
  if (text !== undefined) return text;
  const otherwise = mode === 'prefer' ? ', or send its text as `query`' : '';
  throw badInput(`No trusted document has that id: add the document to the manifest${otherwise}.`);
};

/** Of a URL, Yoga reads the parameters that it knows. */
const documentIdIn = ({ method, url }: Request): string | null =>
  method === 'GET' ? new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('documentId') : null;

/** Lets each caller send over HTTP what their policy says. */
export const useTrustedDocuments = (policyOf: (request: Request) => DocumentPolicy): Plugin => ({
  onParams: ({ params, request, setParams }) => {
    if (!isObject(params)) return; // it is refused for that
    const sent: GraphQLParams & { readonly documentId?: unknown } = params;
    const { documentId = documentIdIn(request), ...others } = sent;
    const query = trustedDocument({ ...others, documentId }, policyOf(request));
    setParams(query === null ? others : { ...others, query });
  },
});
