import type { IncomingMessage, ServerResponse } from 'node:http';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { type Plugin, createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { type Given, createContext } from './context.js';
import type { Admission } from '../edge/admission.js';
import { useAnswerForms } from '../edge/answering.js';
import { type Editions, createAnswers } from '../edge/answers.js';
import { boardOf } from '../edge/board.js';
import { useArgumentNames } from '../edge/argument-names.js';
import { createAuthentication } from '../edge/authentication.js';
import { useCompiledExecution } from '../edge/compiled/execution.js';
import { useCsrf } from '../edge/csrf.js';
import { createDirect, isDirect } from '../edge/direct.js';
import { createTurnsByKey } from '../edge/turns-by-key.js';
import { useErrorLimit } from '../edge/error-limit.js';
import { createMaskError } from '../edge/errors.js';
import { useGraphiqlPage } from '../edge/graphiql.js';
import { toIncremental, useIncremental } from '../edge/incremental.js';
import type { Metrics } from '../edge/metrics.js';
import { createOperationMetrics } from '../edge/operation-metrics.js';
import { createOperations } from '../edge/operations.js';
import type { Principal } from '../domain/principal.js';
import type { HostPolicy } from '../edge/origin.js';
import { useOutages } from '../edge/outages.js';
import { createParsedDocuments } from '../edge/parsed-documents.js';
import { useQueryLimits } from '../edge/query-limits.js';
import { createRateLimit } from '../edge/rate-limit.js';
import { useRequestBody } from '../edge/request-body.js';
import { useRequestId } from '../edge/request-id.js';
import { useStreamHeaders } from '../edge/security-headers.js';
import { useSharedEvents } from '../edge/shared-events.js';
import type { Shared } from '../edge/shared-run.js';
import { keepsRights } from '../edge/kept-rights.js';
import type { Streams } from '../edge/streams.js';
import type { Tracing } from '../edge/tracing.js';
import { useNoSuggestions } from '../edge/suggestions.js';
import type { SocketGraph } from '../edge/websocket-session.js';
import { createTrustedDocuments } from '../edge/trusted-documents.js';
import { forgetScopes } from '../schema/builder.js';
import { schema } from '../schema/index.js';
import type { Access } from './access.js';
import type { DocumentPolicyOf } from './trusted-documents.js';
import { clock } from '../calling/clock.js';
import { turnToBegin } from '../calling/event-loop.js';

const useNoIntrospection = (): Plugin => ({
  onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule),
});

/** How often a query runs the ordinary way before it is compiled. Set by tests: 0 is at once, `Infinity` never. */
const compileAfter = Number(process.env['COPYGRAPH_COMPILE_AFTER'] ?? 1);

/** Tests run through the Fetch API too, as requests by GET do. */
const direct = process.env['COPYGRAPH_HTTP'] !== 'fetch';

/** The time an answer stays valid: no longer than the records in it may. */
const keptMs = ({ answerSeconds, finishedSeconds, runningSeconds, listSeconds }: Config['cache']): number =>
  Math.min(answerSeconds, finishedSeconds, runningSeconds, listSeconds) * 1000;

interface GraphOptions extends Pick<Given, 'clients' | 'failoverGuard' | 'live'> {
  readonly config: Config;
  /** The present config, which may be a later one. */
  readonly configNow: () => Config;
  readonly access: Access;
  readonly hosts: HostPolicy;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly admission: Admission;
  /** Counts one request of a principal: 0 if it may run, otherwise the milliseconds to wait. */
  readonly requestRate: (principal: string) => Promise<number>;
  readonly documentPolicyOf: DocumentPolicyOf;
  /** Receives each HTTP request whose caller is known. */
  readonly recognized: (request: IncomingMessage) => void;
  readonly editions: Editions;
  readonly streams: Streams;
  readonly tracing: Tracing | null;
}

/** The graph under one config, over HTTP and WebSockets. */
export interface Graph {
  handle(request: IncomingMessage, response: ServerResponse): void;
  readonly sockets: SocketGraph;
  dispose(): Promise<void>;
}

export const createGraph = (options: GraphOptions): Graph => {
  const {
    config,
    configNow,
    access: { authenticate },
    hosts,
    logger,
    metrics,
    admission,
    requestRate,
    documentPolicyOf,
    recognized,
    editions,
    streams,
    tracing,
    ...parts
  } = options;
  const { auth, limits, server, upstreams } = config;
  const log = logger.error.bind(logger);
  const maskError = createMaskError(log);
  const isWelcome = (principal: Principal): boolean => keepsRights(auth, configNow().auth, principal);
  const authentication = createAuthentication({ authenticate, tokens: auth?.jwt !== undefined, log, recognized });
  const rateLimit = createRateLimit({
    take: requestRate,
    principalOf: authentication.principalOf,
    onRejected: () => metrics.rejected('rate'),
  });
  const trustedDocuments = createTrustedDocuments(
    (request) => documentPolicyOf(authentication.principalOf(request)),
    server.board ? boardOf()?.documents : undefined,
  );
  const operations = createOperations({
    principalOf: authentication.principalOf,
    log: (line) => logger.info(line, 'operation'),
    tracing,
  });
  const operationMetrics = createOperationMetrics(metrics);
  const answers = createAnswers({
    principalOf: authentication.principalOf,
    editions,
    admission,
    keepMs: keptMs(config.cache),
    now: () => clock() / 1000,
    turnToBegin,
    count: metrics.answer,
    answered: (request, how) => {
      operationMetrics.answered(request);
      operations.answered(request, how);
    },
    repeated: (request, principal, key) => {
      operationMetrics.repeated();
      operations.repeated(request, principal, key);
    },
  });
  const yoga = createYoga<{ readonly shared?: Shared }, ReturnType<typeof createContext>>({
    schema: toIncremental(schema),
    context: ({ request, shared }) =>
      createContext({
        principal: authentication.principalOf(request),
        limits,
        workflow: { enabled: config.experimental.failoverWorkflow, twoPerson: config.failover.twoPerson },
        signal: shared?.signal ?? request.signal,
        stands: shared?.stands,
        aheadMs: shared?.aheadMs,
        trace: operations.traceOf(request),
        ...parts,
      }),
    graphqlEndpoint: `${server.basePath}/graphql`,
    maskedErrors: { maskError },
    parserAndValidationCache: createParsedDocuments(),
    plugins: [
      ...(server.graphiql
        ? [
            useGraphiqlPage({
              sandbox: upstreams.some(({ sandbox }) => sandbox),
              keyed: auth !== undefined,
              now: clock,
            }),
          ]
        : []),
      authentication.plugin,
      rateLimit.plugin,
      admission.plugin,
      useRequestBody(limits.maxBodyBytes),
      useCsrf(),
      operations.plugin,
      trustedDocuments.plugin,
      answers.plugin,
      useArgumentNames(),
      useOutages({ ended: forgetScopes }),
      ...useIncremental(maskError),
      streams.plugin({ principalOf: authentication.principalOf, isWelcome }),
      operationMetrics.plugin,
      ...(server.introspection ? [] : [useNoIntrospection(), useNoSuggestions()]),
      useSharedEvents({ principalOf: authentication.principalOf, maxPageSize: limits.maxPageSize }),
      useQueryLimits(limits, operations.costs),
      useCompiledExecution(compileAfter),
      useRequestId(),
      useAnswerForms(),
      useErrorLimit(),
      useStreamHeaders(),
    ],
    logging: {
      debug: () => undefined,
      info: () => undefined,
      warn: logger.warn.bind(logger),
      error: () => undefined, // callers' mistakes are logged here too; our errors are logged under their error id
    },
    cors: false,
    landingPage: false,
    healthCheckEndpoint: '\n', // the server has its own; here any URL that ends with this would match, and none does
    graphiql: false,
    maxRequestBodySize: false, // `useRequestBody` checks it
  });
  const answerDirectly = createDirect({
    answering: yoga,
    repeat: answers.repeat,
    admission,
    turnToBegin: createTurnsByKey(turnToBegin),
    left: operations.left,
    authenticate,
    recognized,
    rateRefusalOf: rateLimit.refusalOf,
    maxBytes: limits.maxBodyBytes,
  });
  return {
    handle: (request, response) => {
      if (!direct || !isDirect(request)) return void yoga(request, response);
      answerDirectly(request, response).catch((err: unknown) => {
        logger.error({ err }, 'a request could not be answered');
        response.destroy();
      });
    },
    sockets: {
      yoga,
      authenticate,
      vouch: authentication.vouch,
      isWelcome,
      maskError,
      resolve: trustedDocuments.resolve,
      operations,
      rateLimit,
      hosts,
      maxMessageBytes: limits.maxBodyBytes,
    },
    dispose: async () => yoga.dispose(),
  };
};
