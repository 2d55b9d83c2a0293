import type { IncomingMessage } from 'node:http';
import { type ExecutionArgs, type ExecutionResult, type GraphQLError, getOperationAST } from 'graphql';
import { type GraphQLParams, type Plugin, isAsyncIterable } from 'graphql-yoga';
import type { CallTrace } from '../domain/call-trace.js';
import type { Principal } from '../domain/principal.js';
import { operationKey } from './answers.js';
import { type Arrived, headersOf } from './arrival.js';
import { asIncremental } from './incremental.js';
import type { OperationKind } from './metrics.js';
import { outcomeOf } from './operation-metrics.js';
import type { OperationLine } from './operation-line.js';
import { requestIdOf } from './request-id.js';
import { createTextCache } from './text-cache.js';
import type { OperationSpan, Tracing } from './tracing.js';

/** A running operation. */
interface Begun {
  readonly at: number;
  readonly span: OperationSpan | null;
  readonly key: string | null; // of its text
  name: string | null;
  kind: OperationKind;
  cost: number | null;
  calls: number;
  answer: 'executed' | 'joined' | 'kept';
  streams: boolean;
  outcome: OperationLine['outcome'];
  errorId: string | null;
  ended: boolean;
}

interface Carried {
  readonly request: Request;
}

type Result = ExecutionResult | AsyncIterable<ExecutionResult>;

interface OperationsOptions {
  readonly principalOf: (request: Request) => Principal;
  readonly log: (line: OperationLine) => void;
  readonly tracing: Tracing | null;
}

/** Follows each operation over every transport, from the arrival of its text to its answer. */
export interface Operations {
  /** Must come before the plugins that read a result. */
  readonly plugin: Plugin<Carried, Arrived & { readonly req?: IncomingMessage }>;
  /** Counts and follows the attempts of an operation. */
  traceOf(request: Request): CallTrace;
  costs(request: Request, cost: number): void;
  /** To be called for a request that gets the answer of another with the same query. */
  answered(request: Request, how: 'joined' | 'kept'): void;
  /** Follows an operation that is answered from the cache before anything of it is parsed; `key` is that of its text. */
  repeated(request: IncomingMessage, principal: Principal, key: string): void;
  /** Notes an operation whose caller left before its turn. */
  left(request: IncomingMessage, principal: Principal, at: number): void;
  /** Links a request made for a WebSocket message to the WebSocket's upgrade. */
  carriedBy(request: Request, upgrade: IncomingMessage): void;
  /** Follows the result of an operation on a WebSocket to its end, and returns the same result. */
  watch<R extends Result>(request: Request, result: R): R;
}

const LONGEST_NAME = 128;

const errorIdOf = (errors: ExecutionResult['errors'] = []): string | null => {
  const found = errors.find(({ extensions }: Partial<GraphQLError>) => extensions?.['errorId'] !== undefined);
  return found === undefined ? null : String(found.extensions['errorId']);
};

/** Calls `part` for each item of a stream, and `end` once when it is over, for any reason. */
const followed = (source: AsyncIterable<ExecutionResult>, part: (one: ExecutionResult) => void, end: () => void) => {
  const parts = source[Symbol.asyncIterator]();
  const whole: AsyncIterableIterator<ExecutionResult> = {
    next: async () => {
      try {
        const next = await parts.next();
        if (next.done === true) end();
        else part(next.value);
        return next;
      } catch (error) {
        end();
        throw error;
      }
    },
    return: async () => {
      end();
      return (await parts.return?.()) ?? { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => whole,
  };
  return whole;
};

export const createOperations = ({ principalOf, log, tracing }: OperationsOptions): Operations => {
  const begun = new WeakMap<Request, Begun>();
  const carriers = new WeakMap<Request, IncomingMessage>();
  /** The names in parsed texts, because a cached answer is sent without parsing. */
  const names = createTextCache<string>();

  const follow = (headers: Pick<Headers, 'get'>, key: string | null, at = performance.now()): Begun => ({
    at,
    span: tracing?.operation((name) => headers.get(name), at) ?? null,
    key,
    name: null,
    kind: 'unknown',
    cost: null,
    calls: 0,
    answer: 'executed',
    streams: false,
    outcome: 'ok',
    errorId: null,
    ended: false,
  });

  const begin = (request: Request, params?: GraphQLParams, at?: number): Begun => {
    const known = begun.get(request);
    if (known !== undefined) return known;
    const one = follow(request.headers, params === undefined ? null : operationKey(params), at);
    begun.set(request, one);
    const leave = (): void => end(request, one, one.streams ? one.outcome : 'canceled');
    request.signal.addEventListener('abort', leave, { once: true });
    return one;
  };

  const end = (request: Request, one: Begun, outcome: Begun['outcome']): void => {
    if (one.ended) return;
    write(one, outcome, principalOf(request), carriers.get(request));
    carriers.delete(request); // V8's frequent collections would hold it, see `perSession`
  };

  const write = (
    one: Begun,
    outcome: Begun['outcome'],
    principal: Principal,
    carrier: IncomingMessage | undefined,
  ): void => {
    one.ended = true;
    const { at, name, kind, cost, calls, answer, errorId, span } = one;
    const line = {
      name,
      kind,
      principal: principal.name,
      ms: Math.round((performance.now() - at) * 10) / 10,
      cost,
      upstreamCalls: calls,
      outcome,
      errorId,
      requestId: carrier === undefined ? null : requestIdOf(carrier),
    };
    span?.end({ ...line, answer });
    log(span === null ? line : { ...line, traceId: span.traceId });
  };

  const answeredBy = (one: Begun, answer: 'joined' | 'kept'): Begun => {
    const name = (one.key === null ? undefined : names.get(one.key)) ?? null;
    return Object.assign(one, { kind: 'query', answer, name });
  };

  const told = (one: Begun, { errors }: Pick<ExecutionResult, 'errors'>): void =>
    void (one.errorId ??= errorIdOf(errors));

  const watch = <R extends Result>(request: Request, result: R): R => {
    const one = begin(request);
    if (!isAsyncIterable(result)) {
      const whole: ExecutionResult = result;
      told(one, whole);
      end(request, one, outcomeOf(whole));
      return result;
    }
    one.streams = true;
    const part = (piece: ExecutionResult): void => {
      const { errors, incremental = [] } = asIncremental(piece);
      const all = [errors, ...incremental.map((each) => each.errors)].flatMap((each) => each ?? []);
      if (all.length > 0) one.outcome = 'partial';
      told(one, { errors: all as readonly GraphQLError[] });
    };
    return followed(result, part, () => end(request, one, one.outcome)) as unknown as R; // a stream like the one given
  };

  const parsed = ({ document, operationName, contextValue }: ExecutionArgs): void => {
    const one = begin((contextValue as Carried).request);
    const operation = getOperationAST(document, operationName);
    one.kind = operation?.operation ?? 'unknown';
    one.name = operation?.name?.value.slice(0, LONGEST_NAME) ?? null;
    if (one.key !== null && one.name !== null) names.set(one.key, one.name);
  };

  return {
    plugin: {
      onRequestParse: ({ request, serverContext: { req } }) => {
        if (req !== undefined) carriers.set(request, req);
      },
      onParams: ({ request, params, context: { arrival } }) => void begin(request, params, arrival?.at),
      onParse: ({ context: { request } }) => void begin(request),
      onExecute: ({ args }) => parsed(args),
      onSubscribe: ({ args }) => parsed(args),
      onExecutionResult: ({ request, result, setResult }) => {
        if (result === undefined || Array.isArray(result)) return;
        const followedResult = watch(request, result);
        if (followedResult !== result) setResult(followedResult);
      },
    },
    traceOf: (request) => ({
      attempt: (upstream) => {
        const one = begin(request);
        one.calls += 1;
        return one.span?.attempt(upstream) ?? null;
      },
    }),
    costs: (request, cost) => void (begin(request).cost = cost),
    answered: (request, how) => void answeredBy(begin(request), how),
    repeated: (request, principal, key) =>
      write(answeredBy(follow(headersOf(request), key), 'kept'), 'ok', principal, request),
    left: (request, principal, at) => write(follow(headersOf(request), null, at), 'canceled', principal, request),
    carriedBy: (request, upgrade) => void carriers.set(request, upgrade),
    watch,
  };
};
