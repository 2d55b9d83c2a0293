import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import type { GraphQLError } from 'graphql';
import type { Arrived } from './arrival.js';
import { type GraphQLParams, type Plugin, shouldRenderGraphiQL } from 'graphql-yoga';
import { isMapping } from '../domain/mapping.js';
import { answerFormsOf } from './answer-form.js';
import { nothingServed } from './answering.js';
import { refusedRequest } from './refusal.js';

/** The sources of a request: also Node's own, because reading it can stop while an answer is still possible. */
interface Received extends Arrived {
  readonly req?: IncomingMessage;
}

/** None of our variables nests as deep; later code that walks it may recurse. */
const DEEPEST_JSON = 64;

const members: readonly string[] = ['query', 'documentId', 'operationName', 'variables', 'extensions'];

const badRequest = (message: string): GraphQLError => refusedRequest(400, 'BAD_USER_INPUT', message);

/** The rest of the body is not read: the connection closes after the answer. */
const unread = { connection: 'close' };

const unsupported = (message: string): GraphQLError => refusedRequest(415, 'BAD_USER_INPUT', message, unread);

const tooLarge = (maxBytes: number): GraphQLError =>
  refusedRequest(413, 'BAD_USER_INPUT', `The body is larger than ${maxBytes} bytes; send less.`, unread);

/**
 * Whether the caller accepts any of our forms. Otherwise an operation, even a mutation, would run without an answer.
 */
const isAnswerable = (headers: Pick<Headers, 'get'>): boolean =>
  Object.values(answerFormsOf(headers.get('accept'))).includes(true);

const isJson = (contentType: string | null): boolean => {
  if (contentType === 'application/json') return true; // as most callers write it
  try {
    const { essence, params } = new MIMEType(contentType ?? '');
    const charset = params.get('charset')?.toLowerCase() ?? 'utf-8';
    const types = ['application/json', 'application/graphql+json'];
    return types.includes(essence) && ['utf-8', 'utf8'].includes(charset);
  } catch {
    return false;
  }
};

/** Throws for a body that need not be read, by its headers. */
const checkHeaders = (headers: Pick<Headers, 'get'>, maxBytes: number): void => {
  if (!isJson(headers.get('content-type')))
    throw unsupported('Send the operation as JSON in UTF-8, with `Content-Type: application/json`.');
  if ((headers.get('content-encoding') ?? 'identity').toLowerCase() !== 'identity')
    throw unsupported('Compressed bodies are not supported; send the body without `Content-Encoding`.');
  if (Number(headers.get('content-length') ?? '0') > maxBytes) throw tooLarge(maxBytes);
};

/** Listens instead of iterating, which takes several times as long for a small body. */
const readBytes = (request: IncomingMessage, maxBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      request.off('data', take).pause(); // destroying the request would also cut off the answer
      reject(tooLarge(maxBytes));
    };
    // The caller has left, so no one reads this.
    const broken = (): void => reject(badRequest('The body ended too early.'));
    request.on('data', take);
    request.once('error', broken).once('close', broken);
    request.once('end', () => {
      request.off('close', broken);
      resolve(Buffer.concat(chunks));
    });
    if (request.destroyed) broken();
  });

const QUOTE = 34;
const BACKSLASH = 92;
const OPENING: readonly number[] = [91, 123];
const CLOSING: readonly number[] = [93, 125];

/** Counts brackets outside of texts, in one pass without recursion. */
const isTooDeep = (json: string): boolean => {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (inText) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inText = false;
    } else if (code === QUOTE) inText = true;
    else if (OPENING.includes(code)) {
      depth += 1;
      if (depth > DEEPEST_JSON) return true;
    } else if (CLOSING.includes(code)) depth -= 1;
  }
  return false;
};

/** Parses JSON; `where` names the text in an error. */
const readJson = (text: string, where: string): unknown => {
  if (isTooDeep(text)) throw badRequest(`${where} is nested deeper than ${DEEPEST_JSON} levels.`);
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`${where} is not valid JSON.`);
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const readText = (bytes: Buffer): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    throw badRequest('The body is not valid UTF-8.');
  }
};

const readBody = async (request: IncomingMessage, maxBytes: number): Promise<string> =>
  readText(await readBytes(request, maxBytes));

/** Begins to read the body of a POST; `null` if its headers refuse it. */
export const bodyOf = (
  request: IncomingMessage,
  headers: Pick<Headers, 'get'>,
  maxBytes: number,
): Promise<string> | null => {
  try {
    if (!isAnswerable(headers)) return null;
    checkHeaders(headers, maxBytes);
  } catch {
    return null; // the plugin says why
  }
  return readBody(request, maxBytes);
};

/** Throws for a value that is not an operation. The error lists the known members, and nothing that was sent. */
const toParams = (data: unknown): GraphQLParams => {
  if (Array.isArray(data)) throw badRequest('Batches are not supported; send each operation in a request of its own.');
  if (!isMapping(data)) throw badRequest('The body must be a JSON object with the member `query`.');
  const { query, operationName, variables, extensions } = data;
  for (const [name, text] of Object.entries({ query, operationName })) {
    if (text !== undefined && text !== null && typeof text !== 'string') throw badRequest(`\`${name}\` must be text.`);
  }
  for (const [name, mapping] of Object.entries({ variables, extensions })) {
    if (mapping !== undefined && mapping !== null && !isMapping(mapping))
      throw badRequest(`\`${name}\` must be a JSON object.`);
  }
  if (Object.entries(data).some(([name, value]) => value !== null && !members.includes(name)))
    throw badRequest(`A request has no members other than ${members.join(', ')}.`);
  return data;
};

const fromSearch = (search: URLSearchParams): GraphQLParams => {
  const given = (name: string): string | undefined => search.get(name) || undefined;
  const json = (name: string): unknown => {
    const text = given(name);
    return text === undefined ? undefined : readJson(text, `\`${name}\``);
  };
  return toParams({
    query: given('query'),
    documentId: given('documentId'),
    operationName: given('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  });
};

/**
 * Reads an operation from the JSON body of a POST or the URL of a GET. Refuses everything else, if possible before
 * reading it. Must come after authentication, and before parsing.
 */
export const useRequestBody = (maxBytes: number): Plugin<object, Received> => ({
  onRequestParse: ({ request, url, serverContext: { req, arrival }, setRequestParser }) => {
    const { method, headers } = request;
    if (!isAnswerable(headers) || shouldRenderGraphiQL(request)) throw nothingServed();
    if (method === 'GET') {
      setRequestParser(() => fromSearch(url.searchParams));
      return;
    }
    if (method !== 'POST') {
      const allow = { allow: 'GET, POST' };
      throw refusedRequest(405, 'BAD_USER_INPUT', 'Send operations by POST, or queries by GET.', allow);
    }
    checkHeaders(headers, maxBytes);
    setRequestParser(async () => {
      if (req === undefined) throw new Error('a request that did not come over HTTP');
      return toParams(readJson(await (arrival?.text ?? readBody(req, maxBytes)), 'The body'));
    });
  },
});
