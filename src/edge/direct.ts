import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';
import type { GraphQLError } from 'graphql';
import { createLightAbort } from '../domain/light-abort.js';
import type { Principal } from '../domain/principal.js';
import type { Admission } from './admission.js';
import { type Arrival, headersOf } from './arrival.js';
import type { Authenticate } from './authentication.js';
import { bodyOf } from './request-body.js';

interface ArrivalOptions {
  readonly authenticate: Authenticate;
  /** Receives each request whose caller is known, before its body is read. */
  readonly recognized: (request: IncomingMessage) => void;
  readonly rateRefusalOf: (principal: Principal) => Promise<GraphQLError | null>;
  readonly maxBytes: number;
}

/** Identifies the caller, counts the request, and reads its body, in this order, as far as none refuses it. */
const createArrivals =
  ({ authenticate, recognized, rateRefusalOf, maxBytes }: ArrivalOptions) =>
  async (request: IncomingMessage): Promise<Arrival> => {
    const headers = headersOf(request);
    const caller = authenticate(headers);
    const principal = await caller.catch(() => null); // the plugin makes the refusal
    if (principal === null) return { caller };
    recognized(request);
    const rateRefusal = await rateRefusalOf(principal);
    const text = rateRefusal === null ? bodyOf(request, headers, maxBytes) : null;
    return text === null ? { caller, rateRefusal } : { caller, rateRefusal, text };
  };

/** The end of an operation whose caller leaves before the answer has been sent. */
interface Departure {
  stop: (() => void) | null;
}

/** To be called before a request waits. V8 makes the response old meanwhile, and an old one keeps later listeners. */
const departureOf = (response: ServerResponse): Departure => {
  const departure: Departure = { stop: null };
  response.once('close', () => {
    if (!response.writableFinished) departure.stop?.();
  });
  return departure;
};

/** A request for the plugins. It has no body: that is read from Node's own request. */
const toRequest = (request: IncomingMessage, departure: Departure): Request => {
  const controller = createLightAbort();
  departure.stop = () => controller.abort();
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

interface DirectOptions extends ArrivalOptions {
  readonly answering: Answering;
  /** Answers a request from the cache if the same caller sent the same before; whether it did. */
  readonly repeat: (arrival: Arrival, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  readonly admission: Pick<Admission, 'hold' | 'isFull'>;
  /** Resolves when a request with this body may begin: at once, unless others go first. */
  readonly turnToBegin: (body: string) => Promise<void> | undefined;
  /** Receives each request whose caller left while it waited. */
  readonly left: (request: IncomingMessage, principal: Principal, at: number) => void;
}

/**
 * Lets a request wait for its turn, while little of it is in memory; `null` if its caller left meanwhile. It counts as
 * running. One that will be refused does not wait.
 */
const createWaiting =
  ({ admission, turnToBegin, left }: Pick<DirectOptions, 'admission' | 'turnToBegin' | 'left'>) =>
  async (arrival: Arrival, request: IncomingMessage, response: ServerResponse): Promise<Arrival | null> => {
    const body = await arrival.text?.catch(() => null);
    if (body === null || body === undefined || response.destroyed || admission.isFull()) return arrival;
    const at = performance.now();
    admission.hold(request, response);
    await turnToBegin(body);
    if (!response.destroyed) return { at, ...arrival };
    const principal = await arrival.caller;
    if (principal !== null) left(request, principal, at);
    return null;
  };

/**
 * Answers operations in the body of a POST, without a request of the Fetch API: those sent before from the cache,
 * others through the same plugins as any request. Throws what the plugins throw.
 */
export const createDirect = ({ answering, repeat, ...options }: DirectOptions) => {
  const [arrive, wait] = [createArrivals(options), createWaiting(options)];
  /** A function of its own, because the one that waited is old. */
  const answer = async (
    arrival: Arrival,
    request: IncomingMessage,
    response: ServerResponse,
    departure: Departure,
  ): Promise<void> => {
    const carried = { req: request, res: response, arrival };
    const made = await answering.handleRequest(toRequest(request, departure), carried, later);
    await sendNodeResponse(made, response, request, false);
    if (response.writableEnded) departure.stop = null;
  };
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrived = await arrive(request);
    if (await repeat(arrived, request, response)) return;
    const departure = departureOf(response);
    const arrival = await wait(arrived, request, response);
    if (arrival !== null) await answer(arrival, request, response, departure);
  };
};
