import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';

/** The headers of a request that our plugins read. */
const headersOf = ({ headers }: IncomingMessage): Pick<Headers, 'get' | 'has'> => {
  const get = (name: string): string | null => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
  };
  return { get, has: (name) => get(name) !== null };
};

/** A request for the plugins. It has no body: that is read from Node's own request. */
const toRequest = (request: IncomingMessage, response: ServerResponse): Request => {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  const { method = 'POST', url = '/' } = request;
  const light: Pick<Request, 'method' | 'url' | 'signal'> & { readonly headers: Pick<Headers, 'get' | 'has'> } = {
    method,
    url: `http://${request.headers.host ?? 'localhost'}${url}`,
    headers: headersOf(request),
    signal: controller.signal,
  };
  return light as unknown as Request; // making a complete one takes longer than answering most queries
};

/** Answers a request of the Fetch API, through all plugins. */
interface Answering {
  /** The objects in `carried` are merged into the request's context. */
  handleRequest(request: Request, ...carried: readonly object[]): Response | Promise<Response>;
}

/** Yoga calls it. */
const later = { waitUntil: () => undefined }; // no work continues after an answer

/** Whether a request is an operation in the body of a POST. */
export const isDirect = ({ method }: Pick<IncomingMessage, 'method'>): boolean => method === 'POST';

/**
 * Answers an operation through the same plugins as any other request, without a Fetch API request. Throws what the
 * plugins throw.
 */
export const answerDirectly = async (
  { handleRequest }: Answering,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const answer = await handleRequest(toRequest(request, response), { req: request, res: response }, later);
  await sendNodeResponse(answer, response, request, false);
};
