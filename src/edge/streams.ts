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

interface StreamsOptions {
  readonly principalOf: (request: Request) => Principal;
  /** Told of each subscription that begins to stream: from then on it is open, and mostly idle. */
  readonly started: (carrier: StreamCarrier) => void;
}

/** The subscriptions under way, over every transport. */
interface Streams {
  readonly plugin: Plugin<StreamCarrier>;
  /** Completes all of them, and those that begin later. */
  endAll(): void;
}

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

const expired = (): ExecutionResult => ({
  errors: [
    new GraphQLError('The token has expired; take a new one and subscribe again.', {
      extensions: { code: 'UNAUTHENTICATED' },
    }),
  ],
});

/** Each holds what its reader has not read yet. */
const MAX_STREAMS = 1000;

const tooMany = (): ExecutionResult => ({
  errors: [
    new GraphQLError(`You have ${MAX_STREAMS} subscriptions open, which is the most; complete some.`, {
      extensions: { code: 'RATE_LIMITED', retryAfterMs: 1000 },
    }),
  ],
});

/** Ends each subscription when its token expires, its caller goes away or the gateway is told to stop. */
export const createStreams = ({ principalOf, started }: StreamsOptions): Streams => {
  const open = new Map<Ending, string>();
  let stopping = false;
  const openOf = (identity: string): number => [...open.values()].filter((owner) => owner === identity).length;
  return {
    plugin: {
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
            open.set(stream, identityOf(principal));
            request.signal.addEventListener('abort', leave, { once: true });
            const callOff = whenPast(principal.expiresAt, () => stream.end(expired()));
            started(carrier);
            if (stopping || request.signal.aborted) stream.end();
            setResult(stream);
          },
        };
      },
    },
    endAll: () => {
      stopping = true;
      for (const stream of [...open.keys()]) stream.end();
    },
  };
};
