import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Principal, identityOf } from '../domain/principal.js';
import { whenPast } from './expiry.js';

/** The request of a subscription: over HTTP with Node's own, or one made for a WebSocket message. */
interface StreamCarrier {
  readonly request: Request;
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/** The callers of the subscriptions on one graph. */
interface Owners {
  readonly principalOf: (request: Request) => Principal;
  /** Whether a caller admitted earlier would be admitted now. */
  readonly isWelcome: (principal: Principal) => boolean;
}

/** The running subscriptions, over every transport and on all graphs served so far. */
export interface Streams {
  /** The plugin for one graph. */
  plugin(owners: Owners): Plugin<StreamCarrier>;
  /** Ends the subscriptions of callers that would not be admitted now. */
  review(): void;
  /** Completes all of them, and those that begin later. */
  endAll(): void;
}

/** Receives each subscription that begins to stream: from then on it is open, and mostly idle. */
type Started = (carrier: StreamCarrier) => void;

type Events = AsyncIterable<ExecutionResult>;

interface Ending extends AsyncIterableIterator<ExecutionResult> {
  /** Releases the source at once, sends a last result if there is one, and completes. */
  end(last?: ExecutionResult): void;
}

/** A stream that can be ended from outside, even while it waits for an event. */
const createEnding = (events: Events, onEnd: () => void): Ending => {
  const source = events[Symbol.asyncIterator]();
  let last: ExecutionResult | undefined;
  let ended: Promise<unknown> | null = null;
  let wake: (() => void) | null = null;
  const end = (farewell?: ExecutionResult): void => {
    if (ended !== null) return;
    last = farewell;
    onEnd();
    // its reader has left, so a failure has no reader
    ended = Promise.resolve(source.return?.()).catch(() => undefined);
    wake?.();
  };
  const rest = (): IteratorResult<ExecutionResult> => {
    const value = last;
    last = undefined;
    return value === undefined ? { done: true, value } : { done: false, value };
  };
  const whole: Ending = {
    end,
    next: () =>
      new Promise((resolve, reject) => {
        if (ended !== null) return resolve(rest());
        wake = () => resolve(rest());
        source.next().then(
          (event) => {
            if (ended === null) {
              wake = null;
              if (event.done === true) end();
              resolve(event);
            }
          },
          (error: unknown) => {
            wake = null;
            end();
            reject(error instanceof Error ? error : new Error(String(error)));
          },
        );
      }),
    return: async () => {
      end();
      await ended;
      last = undefined;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => whole,
  };
  return whole;
};

const farewell = (message: string) => (): ExecutionResult => ({
  errors: [new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED' } })],
});

const expired = farewell('The token has expired; get a new one and subscribe again.');

const unwelcome = farewell('Your key or token is no longer valid, or its rights have changed; subscribe again.');

/** Each holds events that its reader has not read yet. */
const MAX_STREAMS = 1000;

const tooMany = (): ExecutionResult => ({
  errors: [
    new GraphQLError(`You have ${MAX_STREAMS} subscriptions open, which is the limit; complete some first.`, {
      extensions: { code: 'RATE_LIMITED', retryAfterMs: 1000 },
    }),
  ],
});

interface Owner {
  readonly identity: string;
  readonly isWelcome: () => boolean;
}

/** Ends each subscription when its token expires, its key is removed, its caller leaves, or the gateway stops. */
export const createStreams = (started: Started): Streams => {
  const open = new Map<Ending, Owner>();
  let stopping = false;
  const openOf = (identity: string): number => [...open.values()].filter((owner) => owner.identity === identity).length;
  return {
    plugin: ({ principalOf, isWelcome }) => ({
      onSubscribe: ({ args: { contextValue: carrier }, setResultAndStopExecution }) => {
        const { request } = carrier;
        const principal = principalOf(request);
        if (openOf(identityOf(principal)) >= MAX_STREAMS) return void setResultAndStopExecution(tooMany());
        return {
          onSubscribeResult: ({ result, setResult }) => {
            if (!(Symbol.asyncIterator in result)) return;
            const leave = (): void => stream.end();
            const stream = createEnding(result, () => {
              open.delete(stream);
              request.signal.removeEventListener('abort', leave);
              callOff();
            });
            const owner = { identity: identityOf(principal), isWelcome: () => isWelcome(principal) };
            open.set(stream, owner);
            request.signal.addEventListener('abort', leave, { once: true });
            const callOff = whenPast(principal.expiresAt, () => stream.end(expired()));
            started(carrier);
            if (stopping || request.signal.aborted) stream.end();
            if (!owner.isWelcome()) stream.end(unwelcome());
            setResult(stream);
          },
        };
      },
    }),
    review: () => {
      for (const [stream, { isWelcome }] of [...open]) if (!isWelcome()) stream.end(unwelcome());
    },
    endAll: () => {
      stopping = true;
      for (const stream of [...open.keys()]) stream.end();
    },
  };
};
