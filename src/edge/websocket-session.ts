import type { IncomingMessage } from 'node:http';
import { type ExecutionArgs, type ExecutionResult, type FormattedExecutionResult, GraphQLError } from 'graphql';
import { CloseCode, type Context, type ServerOptions } from 'graphql-ws';
import type { YogaServerInstance } from 'graphql-yoga';
import { isMapping } from '../domain/mapping.js';
import type { Principal } from '../domain/principal.js';
import { type Admission, tooBusy } from './admission.js';
import type { Authenticate, Carrier } from './authentication.js';
import { limitErrors } from './error-limit.js';
import type { HostPolicy } from './origin.js';
import type { Operations } from './operations.js';
import type { RateLimit } from './rate-limit.js';
import { SHUTTING_DOWN, comeAgain } from './refusal.js';
import { markErrors, requestIdOf } from './request-id.js';
import type { AskedParams, TrustedDocuments } from './trusted-documents.js';
import { toWire } from './wire-error.js';

type Yoga = YogaServerInstance<object, object>;

/** One WebSocket: its caller, once known, and its running operations. */
export interface Session {
  readonly upgrade: IncomingMessage;
  readonly operations: Map<string, Operation>;
  readonly principal: Principal | null;
  context: SessionContext | null;
  /** Sets its caller until their token expires; `false` if there are too many sockets. */
  welcome(principal: Principal, isWelcome: () => boolean): boolean;
  /** Ends its operations, and closes it. */
  shut(code: number, reason: string): void;
}

const TRY_AGAIN_LATER = 1013;

interface Operation {
  readonly request: Request;
  readonly controller: AbortController;
}

type SessionContext = Context<Record<string, unknown>, Session>;

/** The parts of a graph that WebSockets need. */
export interface SocketGraph {
  readonly yoga: Pick<Yoga, 'getEnveloped' | 'fetchAPI'>;
  readonly authenticate: Authenticate;
  readonly vouch: (request: Request, principal: Principal) => void;
  /** Whether a caller admitted earlier would be admitted now. */
  readonly isWelcome: (principal: Principal) => boolean;
  readonly maskError: (error: unknown) => Error;
  readonly resolve: TrustedDocuments['resolve'];
  readonly rateLimit: Pick<RateLimit, 'refusalOf'>;
  readonly operations: Pick<Operations, 'carriedBy' | 'watch'>;
  readonly hosts: HostPolicy;
  readonly maxMessageBytes: number;
}

/** The parts of the gateway that operations over WebSockets need. */
export interface SessionOptions {
  /** The present graph; a running operation stays on the one it began with. */
  readonly graph: () => SocketGraph;
  readonly admission: Pick<Admission, 'enter' | 'release'>;
  /** Called for an operation that was refused before it ran. */
  readonly refused: () => void;
  readonly log: (fields: { readonly err: unknown }, message: string) => void;
  readonly initTimeoutMs: number;
  readonly maxOperations: number;
  readonly draining: () => boolean;
}

type Params = Readonly<Record<string, unknown>>;

type Result = ExecutionResult | AsyncGenerator<ExecutionResult, void, void>;
type Executor = Readonly<Record<'execute' | 'subscribe', (args: ExecutionArgs) => Promise<Result>>>;

const credentials = ['authorization', 'x-api-key'];

/** The members of `connection_init` as header names, in lower case. */
const headersIn = (params: Params): readonly (readonly [string, unknown])[] =>
  Object.entries(params).map(([name, value]) => [name.toLowerCase(), value] as const);

/**
 * The parameters of `connection_init` as headers: its members, and those of its `headers`, which clients of other
 * servers send. If they have no credentials, the headers of the upgrade.
 */
const carrierOf = (params: Params = {}, upgrade: IncomingMessage): Carrier => {
  const { headers } = params;
  const given = [...headersIn(params), ...(isMapping(headers) ? headersIn(headers) : [])];
  if (!given.some(([name]) => credentials.includes(name))) {
    return { get: (name) => [upgrade.headers[name] ?? null].flat().join(', ') || null };
  }
  return {
    get: (name) => {
      const values = given.filter(([one]) => one === name).map(([, value]) => value);
      if (values.length === 0) return null;
      // Headers are bytes, JSON text is characters.
      return Buffer.from(values.map((value) => (typeof value === 'string' ? value : '')).join(', ')).toString('latin1');
    },
  };
};

/** Stops operations that the caller has completed, or that the protocol has ended. */
export const sweep = ({ operations, context }: Session, release: (request: Request) => void): void => {
  for (const [id, { controller, request }] of operations) {
    if (context !== null && id in context.subscriptions) continue;
    operations.delete(id);
    release(request);
    controller.abort();
  }
};

/**
 * The callbacks of `graphql-ws`: authentication, and each operation through the same plugins as over HTTP. Each
 * operation has its own request, whose signal aborts when it is over or its caller has left.
 */
export const createSessionOptions = (options: SessionOptions): ServerOptions<Record<string, unknown>, Session> => {
  const { admission, refused, log, maxOperations } = options;
  const executors = new WeakMap<object, Executor>(); // by the context of their operations
  const executorOf = ({ contextValue }: ExecutionArgs): Executor => {
    const executor = executors.get(Object(contextValue));
    if (executor === undefined) throw new Error('an operation on a WebSocket that was not prepared');
    return executor;
  };

  const begin = (
    { yoga, vouch, operations }: SocketGraph,
    session: Session,
    principal: Principal,
    id: string,
  ): Request => {
    const controller = new AbortController();
    const { host, ...headers } = session.upgrade.headers;
    const request = new yoga.fetchAPI.Request(`http://${host ?? 'localhost'}${session.upgrade.url ?? '/'}`, {
      method: 'POST',
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      signal: controller.signal,
    });
    operations.carriedBy(request, session.upgrade);
    vouch(request, { ...principal, expiresAt: null }); // the socket closes then
    session.operations.get(id)?.controller.abort();
    session.operations.set(id, { request, controller });
    return request;
  };

  return {
    connectionInitWaitTimeout: options.initTimeoutMs,
    onConnect: async (context) => {
      const session = context.extra;
      session.context = context;
      try {
        const { authenticate, isWelcome } = options.graph();
        const principal = await authenticate(carrierOf(context.connectionParams, session.upgrade));
        // The key may have been removed since.
        if (principal === null || !isWelcome(principal)) session.shut(CloseCode.Unauthorized, 'Unauthorized');
        else if (session.welcome(principal, () => isWelcome(principal))) return true;
        else session.shut(TRY_AGAIN_LATER, 'Too many WebSockets');
        return false; // later messages are ignored then
      } catch (err) {
        log({ err }, 'a token could not be checked');
        session.shut(TRY_AGAIN_LATER, 'Tokens cannot be checked now');
        return false;
      }
    },
    onSubscribe: async ({ extra: session }, id, payload) => {
      const { principal, operations } = session;
      const { operationName, variables } = payload;
      if (principal === null) throw new Error('an operation on a WebSocket that was not authenticated');
      if (options.draining()) return [comeAgain(503, SHUTTING_DOWN, 1000)];
      if (operations.size >= maxOperations)
        return [comeAgain(429, `At most ${maxOperations} operations can run on one socket at a time.`, 1000)];
      const graph = options.graph();
      const request = begin(graph, session, principal, id);
      if (admission.enter(request) !== null) {
        return [tooBusy()];
      }
      const overRate = await graph.rateLimit.refusalOf(principal);
      if (overRate !== null) return [overRate];
      try {
        const params = await graph.resolve(request, payload as AskedParams); // its types allow no `undefined`
        const enveloped = graph.yoga.getEnveloped({ request, params });
        const document = enveloped.parse(params.query ?? '');
        const errors = enveloped.validate(enveloped.schema, document);
        if (errors.length > 0) {
          refused();
          return graph.operations.watch(request, { errors }).errors;
        }
        const contextValue: object = await enveloped.contextFactory();
        const watch = <R extends Result>(result: R): R => graph.operations.watch(request, result);
        executors.set(contextValue, {
          execute: async (args) => watch((await enveloped.execute(args)) as Result),
          subscribe: async (args) => watch((await enveloped.subscribe(args)) as Result),
        });
        return { schema: enveloped.schema, document, operationName, variableValues: variables, contextValue };
      } catch (error) {
        refused();
        const masked = graph.maskError(error);
        const errors = [masked instanceof GraphQLError ? masked : new GraphQLError(masked.message)];
        return graph.operations.watch(request, { errors }).errors;
      }
    },
    execute: (args) => executorOf(args).execute(args),
    subscribe: (args) => executorOf(args).subscribe(args),
    onNext: ({ extra: { upgrade } }, _id, _payload, _args, result): FormattedExecutionResult => {
      const { errors, ...rest } = markErrors(limitErrors(result), requestIdOf(upgrade));
      // the same type
      return (errors === undefined ? rest : { ...rest, errors: errors.map(toWire) }) as FormattedExecutionResult;
    },
    onError: ({ extra: { upgrade } }, _id, _payload, errors) =>
      (markErrors(limitErrors({ errors }), requestIdOf(upgrade)).errors ?? []).map(toWire),
  };
};
