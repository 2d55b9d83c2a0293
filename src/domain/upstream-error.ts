export type UpstreamFailure =
  | 'timeout'
  | 'unavailable'
  | 'throttled'
  | 'notFound'
  | 'rejected'
  | 'unauthorized'
  | 'malformed'
  | 'tooLarge' // more bytes than we take: worth asking for less
  | 'circuitOpen'
  | 'budgetExceeded'
  | 'canceled'; // the caller went away

export interface UpstreamErrorDetails {
  readonly retryAfterMs?: number | null;
  readonly transient?: boolean; // whether a retry soon may help; by default the reason decides
  readonly errorCode?: string | null; // the vendor's own short code, such as KInternalError
  readonly status?: number | null; // of the HTTP answer, if there was one
  readonly untrusted?: boolean; // whether the call was refused because of the upstream's certificate
  readonly sent?: boolean; // whether the request may have reached the upstream; by default the reason decides
}

/** One failed call to one upstream. The message is for our logs; callers see only our words for the reason. */
export class UpstreamError extends Error {
  readonly retryAfterMs: number | null;
  readonly transient: boolean;
  readonly errorCode: string | null;
  readonly status: number | null;
  readonly untrusted: boolean;
  readonly sent: boolean;

  constructor(
    readonly upstream: string,
    readonly reason: UpstreamFailure,
    message: string,
    {
      retryAfterMs = null,
      transient,
      errorCode = null,
      status = null,
      untrusted = false,
      sent,
    }: UpstreamErrorDetails = {},
  ) {
    super(message);
    this.name = 'UpstreamError';
    this.retryAfterMs = retryAfterMs;
    this.transient = transient ?? (reason === 'unavailable' || reason === 'throttled');
    this.errorCode = errorCode;
    this.status = status;
    this.untrusted = untrusted;
    this.sent = sent ?? (reason !== 'circuitOpen' && reason !== 'budgetExceeded');
  }
}

/** The same failure for a request that never left, because an earlier step failed. */
export const beforeSending = (error: UpstreamError): UpstreamError => {
  const { upstream, reason, message, ...details } = error;
  return new UpstreamError(upstream, reason, message, { ...details, sent: false });
};
