import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Principal, identityOf } from '../domain/principal.js';
import { whenPast } from './expiry.js';

/** What carries a subscription: a request over HTTP, with Node's own of it, or one made for a WebSocket's message. */
interface StreamCarrier {
  readonly request: Request;
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/** Whose the subscriptions of one graph are. */
interface Owners {
  readonly principalOf: (request: Request) => Principal;
  /** Whether whom the graph has let in would be let in now. */
  readonly isWelcome: (principal: Principal) => boolean;
}

/** The subscriptions under way, over every transport, of all graphs that were served. */
export interface Streams {
  /** For one graph. */
  plugin(owners: Owners): Plugin<StreamCarrier>;
  /** Ends those of callers who would not be let in any more. */
  review(): void;
  /** Completes all of them, and those that begin later. */
  endAll(): void;
}

/** Told of each subscription that begins to stream: from then on it is open, and mostly idle. */
type Started = (carrier: StreamCarrier) => void;

type Events = AsyncIterable<ExecutionResult>;

interface Ending extends AsyncIterableIterator<ExecutionResult> {
  /** Lets go of the source at once, and completes, behind a last result where there is one. */
  end(last?: ExecutionResult): void;
}

/** A stream that can be told to end, also while it waits for an event. */
const createEnding = (events: Events, onEnd: () => void): Ending => {
  const source = events[Symbol.asyncIterator]();
  let last: ExecutionResult | undefined;
  let ended: Promise<unknown> | null = null;
  let wake: (() => void) | null = null;
  const end = (farewell?: ExecutionResult): void => {
    if (ended !== null) return;
    last = farewell;
    onEnd();
    ended = Promise.resolve(source.return?.()).catch(() => undefined); // what fails there has no reader any more
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

const expired = farewell('The token has expired; take a new one and subscribe again.');

const unwelcome = farewell('Your key or token is not good here any more, or for other rights; subscribe again.');

/** Each holds what its reader has not read yet. */
const MAX_STREAMS = 1000;

const tooMany = (): ExecutionResult => ({
  errors: [
    new GraphQLError(`You have ${MAX_STREAMS} subscriptions open, which is the most; complete some.`, {
      extensions: { code: 'RATE_LIMITED', retryAfterMs: 1000 },
    }),
  ],
});

interface Owner {
  readonly identity: string;
  readonly isWelcome: () => boolean;
}

/**
 * Ends each subscription when its token expires, its key is taken away, its caller goes away or the gateway is told to
 * stop.
 */
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
