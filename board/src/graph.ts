import { createClient } from 'graphql-sse';
import type { TypedDocumentString } from '../generated/graphql.js';

/** Beside this page, behind whatever prefix a proxy has. */
const endpoint = new URL('graphql', location.href).href;

/** Why the graph gave no data, with a code of its `ErrorCode`, or `NETWORK` where the gateway could not be reached. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly requestId: string | null;
  constructor(code: string, message: string, requestId: string | null = null) {
    super(message);
    this.code = code;
    this.requestId = requestId;
  }
}

interface WireError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly requestId?: string };
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly WireError[];
}

const refusalOf = ({ message, extensions = {} }: WireError): Refusal =>
  new Refusal(extensions.code ?? 'INTERNAL', message, extensions.requestId ?? null);

/** The message if the answer is not from the gateway, but from a proxy for example. */
const unreachable = (why: string): Refusal => new Refusal('NETWORK', why);

const hashOf = (document: { readonly __meta__?: Record<string, unknown> | undefined }): string =>
  String(document.__meta__?.['hash']);

const headersFor = (key: string | null): Record<string, string> =>
  key === null ? {} : { authorization: `Bearer ${key}` };

/**
 * Asks one document by its id, which every gateway with a board trusts. Throws a `Refusal` where there is no data, or
 * where the answer is wanted whole and is not.
 */
export const ask = async <Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { key, signal }: { readonly key: string | null; readonly signal: AbortSignal },
): Promise<Data> => {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headersFor(key) },
    body: JSON.stringify({ documentId: hashOf(document), variables }),
    signal,
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw unreachable('The gateway cannot be reached.');
  });
  const answer: Answer<Data> | null = await response.json().catch(() => null);
  if (answer === null) throw unreachable(`The gateway cannot be reached: something answers with ${response.status}.`);
  const [error] = answer.errors ?? [];
  if (error !== undefined) throw refusalOf(error);
  if (answer.data === null || answer.data === undefined) throw unreachable('The gateway sent no data.');
  return answer.data;
};

interface Listener<Data> {
  /** A connection was opened, or opened again: a complete snapshot comes first. */
  readonly opened: () => void;
  readonly event: (data: Data) => void;
  readonly lost: (why: Refusal) => void;
}

/** The pauses before a connection is tried again, in milliseconds: from one second up to thirty. */
const pauseBefore = (attempt: number): number => Math.min(30_000, 1000 * 2 ** attempt);

/** Follows a subscription over server-sent events, and reconnects until it is stopped. */
export const follow = <Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  key: string | null,
  { opened, event, lost }: Listener<Data>,
): (() => void) => {
  const client = createClient({ url: endpoint, headers: headersFor(key), retryAttempts: 0 });
  const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(document) } };
  let attempt = 0;
  let timer: number | undefined;
  let leave = (): void => undefined;
  const again = (why: Refusal): void => {
    lost(why);
    timer = setTimeout(connect, pauseBefore(attempt));
    attempt += 1;
  };
  const connect = (): void => {
    let refused: Refusal | null = null;
    leave = client.subscribe<Data>(
      { query: '', variables: variables as Record<string, unknown>, extensions },
      {
        next: ({ data, errors }) => {
          const [error] = (errors ?? []) as readonly WireError[];
          if (error !== undefined) refused = refusalOf(error);
          if (data === null || data === undefined) return;
          attempt = 0;
          event(data);
        },
        error: () => again(refused ?? unreachable('The live connection was lost.')),
        complete: () => again(refused ?? unreachable('The gateway ended the live connection.')),
      },
      { connected: opened },
    );
  };
  connect();
  return () => {
    clearTimeout(timer);
    leave();
    client.dispose();
  };
};
