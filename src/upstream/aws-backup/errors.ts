import { z } from 'zod';
import { cleanMessage } from '../../domain/message.js';
import { UpstreamError, type UpstreamFailure } from '../../domain/upstream-error.js';
import { connectionFailure, proxyFailure, retryAfterMs } from '../../calling/transport.js';

/** Thrown by the body limit in `sdk.ts`, and recognized inside the SDK's error. */
export class AnswerTooLargeError extends Error {}

/** The members that an SDK error may have. */
const Thrown = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional().catch(undefined), // a number on an abort
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
  $response: z
    .object({ statusCode: z.number().optional(), headers: z.record(z.string(), z.string()).optional() })
    .optional(),
});

const throttling =
  /^(?:Throttling(?:Exception)?|ThrottledException|RequestThrottled(?:Exception)?|TooManyRequestsException|RequestLimitExceeded|BandwidthLimitExceeded|SlowDown|PriorRequestNotComplete)$/;
const unauthorized =
  /AccessDenied|NotAuthorized|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|ExpiredToken|RequestExpired|RequestTimeTooSkewed|InvalidClientTokenId|InvalidAccessKeyId|MissingAuthenticationToken|OptInRequired|Credentials|TokenProvider/;

const reasonOf = (name: string, status: number | undefined): UpstreamFailure => {
  // By name first: a missing job, throttling and an invalid signature may all come as 400.
  if (throttling.test(name) || status === 429) return 'throttled';
  if (name === 'ResourceNotFoundException') return 'notFound';
  if (unauthorized.test(name) || status === 401 || status === 403) return 'unauthorized';
  if (name === 'TimeoutError') return 'timeout';
  if (status !== undefined && status >= 500) return 'unavailable';
  // An answer that the SDK cannot read becomes a SyntaxError or TypeError, with its status.
  if (name === 'SyntaxError' || name === 'TypeError') return 'malformed';
  if (status === undefined) return 'unavailable';
  return status < 400 ? 'malformed' : 'rejected';
};

/** Classifies a failed call of the SDK. Source: aws-backup.md, "Accounts, retention…" and "The SDK, measured". */
export const toUpstreamError = (upstream: string, error: unknown): UpstreamError => {
  if (error instanceof AnswerTooLargeError) return new UpstreamError(upstream, 'tooLarge', 'answer too large');
  const atProxy = proxyFailure(upstream, error);
  if (atProxy !== null) return atProxy;
  const { success, data } = Thrown.safeParse(error);
  if (!success) return new UpstreamError(upstream, 'unavailable', 'unknown failure');
  // A credentials provider wraps the failure in its own message.
  if (/\bthe proxy https?:\/\//.test(data.message))
    return new UpstreamError(upstream, 'unavailable', cleanMessage(data.message) ?? '', { sent: false });
  // By the code before the name: the SDK calls a reset connection a `TimeoutError`.
  const failure = data.code === undefined ? null : connectionFailure(upstream, data.code);
  if (failure !== null) return failure;
  const status = data.$metadata?.httpStatusCode ?? data.$response?.statusCode;
  const message = `${data.name}${status === undefined ? '' : ` (HTTP ${status})`}: ${cleanMessage(data.message) ?? ''}`;
  return new UpstreamError(upstream, reasonOf(data.name, status), message, {
    retryAfterMs: retryAfterMs(data.$response?.headers?.['retry-after']),
    errorCode: data.name,
    status: status ?? null,
  });
};
