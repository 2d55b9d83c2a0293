import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { isLinkLocal } from '../domain/link-local.js';
import type { ProxyFor } from '../domain/proxy.js';
import { createConnector } from './connector.js';
import { codeOf, retryAfterMs } from './transport.js';
import { ProxyError } from './tunnel.js';

/** One request to a webhook. */
export interface WebhookCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A webhook did not accept a delivery. The message is in our words: it contains no URL and no part of the answer. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  constructor(
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

interface WebhooksOptions {
  readonly proxyFor: ProxyFor;
  /** How names are resolved. */
  readonly lookup?: typeof systemLookup | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Sends requests to webhooks. */
export interface Webhooks {
  /** Resolves when the webhook has answered with 2xx; rejects with a `WebhookError`. */
  post(call: WebhookCall): Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 65_536; // of an answer; it is not read

const refusal = 'the address is link-local, and such addresses are not called';

/** Resolves a name, and returns its addresses only if all of them may be called. The connection uses exactly these. */
const checkedLookup =
  (lookup: typeof systemLookup): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) return callback(error, '');
      if (found.some(({ address }) => isLinkLocal(address))) return callback(new WebhookError(refusal), '');
      if (options.all === true) return callback(null, found);
      const [first] = found;
      return first === undefined
        ? callback(new WebhookError('the name has no address'), '')
        : callback(null, first.address, first.family);
    });
  };

const checkStatus = ({ statusCode, headers }: Dispatcher.ResponseData): void => {
  if (statusCode >= 200 && statusCode < 300) return;
  if (statusCode >= 300 && statusCode < 400) throw new WebhookError('it redirects, and redirects are not followed');
  throw new WebhookError(`it answered with status ${statusCode}`, retryAfterMs(headers['retry-after']));
};

const toWebhookError = (error: unknown, isOverdue: boolean): WebhookError => {
  if (error instanceof WebhookError) return error;
  if (isOverdue) return new WebhookError('it did not answer in time');
  if (error instanceof ProxyError) return new WebhookError(error.message);
  return new WebhookError(`it cannot be reached: ${codeOf(error) || 'unknown'}`);
};

/**
 * Calls webhooks directly or through the environment's proxy, without following redirects, and never at a link-local
 * address. If a proxy resolves the name, its addresses are not checked.
 */
export const createWebhooks = ({
  proxyFor,
  lookup = systemLookup,
  timeoutMs = TIMEOUT_MS,
}: WebhooksOptions): Webhooks => {
  const connect = createConnector({ proxyFor, timeoutMs, lookup: checkedLookup(lookup) });
  const dispatcher = new Agent({ connect });
  return {
    post: async ({ url, headers, body }) => {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        if (isLinkLocal(new URL(url).hostname.replace(/^\[|\]$/g, ''))) throw new WebhookError(refusal);
        const response = await request(url, { method: 'POST', headers, body, signal, dispatcher });
        void response.body.dump({ limit: MOST_BYTES, signal }).catch(() => undefined); // only the status matters
        checkStatus(response);
      } catch (error) {
        throw toWebhookError(error, signal.aborted);
      }
    },
    close: () => dispatcher.destroy(),
  };
};
