import type * as Api from '@opentelemetry/api';
import type { CallTrace, TracedAttempt } from '../domain/call-trace.js';
import type { OperationLine } from './operation-line.js';

/** The span of an operation; its attempts are below it. */
export interface OperationSpan extends CallTrace {
  readonly traceId: string;
  end(line: OperationLine & { readonly answer: string }): void;
}

/** Sends spans to a collector. */
export interface Tracing {
  /** Begins a span, below the caller's if the headers name one (W3C Trace Context). */
  operation(header: (name: string) => string | null, at: number): OperationSpan;
  /** Follows attempts outside any operation: each is a trace of its own. */
  readonly background: CallTrace;
  /** Sends the remaining spans. Never rejects. */
  close(): Promise<void>;
}

interface TracingOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  readonly warn: (message: string) => void;
}

/** A silent collector must not delay the end of the process. */
const LAST_SEND_MS = 3000;

const isAsked = (env: NodeJS.ProcessEnv): boolean => {
  const set = (name: string): string => (env[name] ?? '').trim();
  const endpoint = set('OTEL_EXPORTER_OTLP_ENDPOINT') || set('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  return endpoint !== '' && set('OTEL_SDK_DISABLED').toLowerCase() !== 'true' && set('OTEL_TRACES_EXPORTER') !== 'none';
};

/** Loaded only if traces are configured. */
const load = () => import('./tracing-packages.js');

type Loaded = Awaited<ReturnType<typeof load>>;

/** The spans of attempts, below a span, or each as the root of a trace. */
const createCallTrace = (
  api: Loaded['api'],
  { tracer, propagator }: { readonly tracer: Api.Tracer; readonly propagator: Api.TextMapPropagator },
  parent: Api.Context,
): CallTrace => {
  return {
    attempt: (upstream): TracedAttempt => {
      const attributes = { 'copygraph.upstream': upstream };
      const span = tracer.startSpan('upstream call', { kind: api.SpanKind.CLIENT, attributes }, parent);
      const headers: Record<string, string> = {};
      propagator.inject(api.trace.setSpan(parent, span), headers, api.defaultTextMapSetter);
      return {
        headers,
        named: (name) => void span.updateName(name),
        ended: (outcome) => {
          span.setAttribute('copygraph.outcome', outcome);
          if (outcome !== 'ok') span.setStatus({ code: api.SpanStatusCode.ERROR, message: outcome });
          span.end();
        },
      };
    },
  };
};

const endSpan = (
  span: Api.Span,
  failed: Api.SpanStatusCode,
  {
    name,
    kind,
    principal,
    cost,
    upstreamCalls,
    outcome,
    errorId,
    requestId,
    answer,
  }: Parameters<OperationSpan['end']>[0],
): void => {
  span.updateName(name === null ? kind : `${kind} ${name}`);
  span.setAttributes({
    'graphql.operation.type': kind,
    ...(name !== null && { 'graphql.operation.name': name }),
    ...(principal !== null && { 'copygraph.principal': principal }),
    ...(cost !== null && { 'copygraph.cost': cost }),
    'copygraph.upstream_calls': upstreamCalls,
    'copygraph.outcome': outcome,
    'copygraph.answer': answer,
    ...(errorId !== null && { 'copygraph.error_id': errorId }),
    ...(requestId !== null && { 'copygraph.request_id': requestId }),
  });
  if (outcome === 'failed') span.setStatus({ code: failed });
  span.end();
};

/**
 * Sends traces over OTLP/HTTP, configured by the `OTEL_*` variables. `null`, with nothing loaded, if they name no
 * collector. The SDK reads the variables from this process's own environment.
 */
export const loadTracing = async ({ env, version, warn }: TracingOptions): Promise<Tracing | null> => {
  if (!isAsked(env)) return null;
  const { api, core, resources, sdk, exporter } = await load();
  api.diag.setLogger(
    { error: warn, warn, info: () => undefined, debug: () => undefined, verbose: () => undefined },
    { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const fromEnvironment = resources.detectResources({ detectors: [resources.envDetector] });
  const named = resources.resourceFromAttributes({ 'service.name': 'copygraph', 'service.version': version });
  const provider = new sdk.BasicTracerProvider({
    resource: resources.defaultResource().merge(named).merge(fromEnvironment),
    spanProcessors: [new sdk.BatchSpanProcessor(new exporter.OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('copygraph', version);
  const propagator = new core.W3CTraceContextPropagator();
  const tools = { tracer, propagator };
  return {
    operation: (header, at) => {
      const carried = {
        traceparent: header('traceparent') ?? undefined,
        tracestate: header('tracestate') ?? undefined,
      };
      const caller = propagator.extract(api.ROOT_CONTEXT, carried, api.defaultTextMapGetter);
      const span = tracer.startSpan('operation', { kind: api.SpanKind.SERVER, startTime: at }, caller);
      return {
        ...createCallTrace(api, tools, api.trace.setSpan(caller, span)),
        traceId: span.spanContext().traceId,
        end: (line) => endSpan(span, api.SpanStatusCode.ERROR, line),
      };
    },
    background: createCallTrace(api, tools, api.ROOT_CONTEXT),
    close: async () => {
      let overdue: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (overdue = setTimeout(resolve, LAST_SEND_MS)));
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(overdue);
    },
  };
};
