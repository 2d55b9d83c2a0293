import type { ExecutionResult } from 'graphql';
import type { FetchAPI } from 'graphql-yoga';
import { toWire } from './wire-error.js';
import { asIncremental } from './incremental.js';

type Results = AsyncIterable<ExecutionResult>;

/** The same interval as Apollo Router's, so that no proxy closes the connection as idle. */
const HEARTBEAT_MS = 5000;

interface MultipartForm {
  readonly boundary: string;
  /** The parameter of the content type that names the format. */
  readonly spec: string;
  readonly toPart: (result: ExecutionResult) => object;
  /** An empty part, sent when there is nothing else to send. */
  readonly heartbeat?: object;
}

/** A payload in its form on the wire. */
const withoutInternals = (result: ExecutionResult): object => {
  const { errors, incremental, ...rest } = asIncremental(result);
  return {
    ...rest,
    ...(errors !== undefined && { errors: errors.map(toWire) }),
    ...(incremental !== undefined && {
      incremental: incremental.map((piece) =>
        piece.errors === undefined ? piece : { ...piece, errors: piece.errors.map(toWire) },
      ),
    }),
  };
};

/** An answer in the parts of `@defer` and `@stream`, in the format of 2022. */
const deferred: MultipartForm = { boundary: '-', spec: 'deferSpec=20220824', toPart: withoutInternals };

/** The events of a subscription, by Apollo's protocol. */
const subscribed: MultipartForm = {
  boundary: 'graphql',
  spec: 'subscriptionSpec=1.0',
  toPart: (result) => ({ payload: withoutInternals(result) }),
  heartbeat: {},
};

const toBody = (results: Results, { boundary, toPart, heartbeat }: MultipartForm, fetchAPI: FetchAPI) => {
  const source = results[Symbol.asyncIterator]();
  const encoder = new fetchAPI.TextEncoder();
  const delimiter = `\r\n--${boundary}`;
  const write = (part: object): Uint8Array => {
    const text = JSON.stringify(part);
    const head = `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}`;
    return encoder.encode(`\r\n${head}\r\n\r\n${text}${delimiter}`);
  };
  let beat: NodeJS.Timeout | undefined;
  return new fetchAPI.ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(encoder.encode(delimiter));
      if (heartbeat === undefined) return;
      beat = setInterval(() => {
        if (controller.desiredSize === null) clearInterval(beat);
        else if (controller.desiredSize > 0) controller.enqueue(write(heartbeat));
      }, HEARTBEAT_MS);
    },
    pull: async (controller) => {
      try {
        const { done, value } = await source.next();
        if (done !== true) return controller.enqueue(write(toPart(value)));
        clearInterval(beat);
        controller.enqueue(encoder.encode('--\r\n'));
        controller.close();
      } catch (error) {
        clearInterval(beat);
        controller.error(error);
      }
    },
    cancel: async () => {
      clearInterval(beat);
      await source.return?.();
    },
  });
};

const answer =
  (form: MultipartForm) =>
  (results: Results, fetchAPI: FetchAPI): Response =>
    new fetchAPI.Response(toBody(results, form, fetchAPI), {
      headers: { 'content-type': `multipart/mixed; boundary="${form.boundary}"; ${form.spec}` },
    });

export const answerInParts = answer(deferred);
export const answerEventsInParts = answer(subscribed);
