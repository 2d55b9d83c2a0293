import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';

/** What of a request's headers anyone here asks for. */
const headersOf = ({ headers }: IncomingMessage): Pick<Headers, 'get' | 'has'> => {
  const get = (name: string): string | null => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
  };
  return { get, has: (name) => get(name) !== null };
};

/** A request as the plugins look at one. Its body is not there: it is read from Node's own request. */
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
  return light as unknown as Request; // making a whole one takes longer than answering most queries
};

/** What answers a request of the Fetch API, by all of its plugins. */
interface Answering {
  /** What goes with the request is put together from all that is given. */
  handleRequest(request: Request, ...carried: readonly object[]): Response | Promise<Response>;
}

/** Yoga asks for it. */
const later = { waitUntil: () => undefined }; // nothing here works on behind an answer

/** Whether a request is an operation in the body of a POST. */
export const isDirect = ({ method }: Pick<IncomingMessage, 'method'>): boolean => method === 'POST';

/**
 * Answers an operation by the same plugins as any other request, without making a request of the Fetch API for it.
 * Throws what the plugins throw.
 */
export const answerDirectly = async (
  { handleRequest }: Answering,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const answer = await handleRequest(toRequest(request, response), { req: request, res: response }, later);
  await sendNodeResponse(answer, response, request, false);
};
