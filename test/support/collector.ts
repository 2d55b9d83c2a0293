import { startFake } from './fake.js';
import { closing } from './closing.js';

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number;
}

/** A span as OTLP has it in JSON, with its attributes by name. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code: number };
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
}

interface OtlpSpan extends Omit<CollectedSpan, 'attributes'> {
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
}

interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: OtlpSpan['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

const named = (attributes: OtlpSpan['attributes']) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));

/** A collector on loopback that takes OTLP in JSON. */
export const startCollector = async () => {
  const fake = closing(await startFake(() => ({ body: {} })));
  const bodies = (): readonly OtlpBody[] => fake.seen.map(({ body }) => JSON.parse(body) as OtlpBody);
  return {
    url: fake.url,
    requests: fake.requests,
    resource: () => named(bodies()[0]?.resourceSpans[0]?.resource.attributes ?? []),
    spans: (): readonly CollectedSpan[] =>
      bodies()
        .flatMap(({ resourceSpans }) => resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
        .map((span) => ({ ...span, attributes: named(span.attributes) })),
  };
};

/** Does something with variables in the environment of this process, as the SDK reads them. */
export const withEnvironment = async <T>(variables: Readonly<Record<string, string>>, work: () => Promise<T>) => {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
};
