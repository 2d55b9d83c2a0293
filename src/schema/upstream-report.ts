import type { ErrorCode, ReportedError } from '../domain/error-code.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { builder } from './builder.js';
import { described } from './described.js';
import { upstreamField } from './upstream.js';

const ErrorCodeRef = builder.enumType('ErrorCode', {
  description: 'The kind of error, for a program. The same as `errors[].extensions.code`.',
  values: described<ErrorCode>({
    BAD_USER_INPUT: 'The request or one of its arguments is not valid.',
    UNAUTHENTICATED: 'The request has no valid token or key.',
    FORBIDDEN: 'The caller may not do this, or may not see that upstream.',
    QUERY_TOO_COMPLEX: 'The query is too large, too deep or too costly. `extensions.limit` names the limit.',
    RATE_LIMITED: 'The caller sends too many requests, or the gateway is overloaded; see retryAfterMs.',
    PERSISTED_QUERY_NOT_SUPPORTED: 'The request has only a hash, and the gateway accepts none. Send the text.',
    PERSISTED_QUERY_NOT_FOUND: 'No trusted document has that hash. Send the text.',
    UPSTREAM_TIMEOUT: 'The upstream did not answer in time, or the operation ran out of time.',
    UPSTREAM_UNAVAILABLE: 'The upstream failed or could not be reached, or its certificate is not trusted.',
    UPSTREAM_RATE_LIMITED:
      'The upstream asks the gateway to slow down, or the configured limits on calls leave no time for one; see retryAfterMs.',
    UPSTREAM_CIRCUIT_OPEN: 'The upstream failed too often and gets no calls for a moment; see retryAfterMs.',
    UPSTREAM_AUTH: 'The upstream refused the gateway’s credentials. An operator must act.',
    UPSTREAM_BAD_RESPONSE:
      'The upstream refused the request, or sent an answer that is unreadable, too large or without the id of a record.',
    UPSTREAM_BUDGET_EXCEEDED: 'The operation needs more upstream calls than it may make. Ask for less.',
    INTERNAL: 'A fault of the gateway. The log has it under `extensions.errorId`.',
  }),
});

const UpstreamReportErrorRef = builder.objectRef<ReportedError>('UpstreamReportError').implement({
  description: 'Why records of an upstream are missing from an answer.',
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeRef, description: 'The kind of error.' }),
    message: t.exposeString('message', {
      description: 'The same for a person, in the gateway’s words and not the vendor’s.',
    }),
    retryAfterMs: t.exposeInt('retryAfterMs', {
      nullable: true,
      description:
        'The milliseconds to wait before you ask again. `null` if neither the upstream nor its circuit breaker gives a time.',
    }),
  }),
});

const IncompleteReasonRef = builder.enumType('IncompleteReason', {
  description: 'The reason why records that were asked for may be missing from an answer.',
  values: described<IncompleteReason>({
    UPSTREAM_FAILED:
      'A call to the upstream failed. `error` has its code, unless only recovery points could not be read.',
    BUDGET: 'The operation needs more upstream calls than it may make. Ask for less.',
    TOO_LARGE: 'An answer of the upstream is too large, even if the gateway asks for as little as it can.',
    UNREADABLE:
      'The upstream sent records that cannot be read or addressed, or an unreadable answer. Also recovery points that no upstream of yours can read, and in `failoverHistory` an unreadable Redis or audit file.',
    LOOK_BACK:
      'The request reaches further back than `limits.lookBackHours`. In lists of copies, `startedAfter` reads further.',
    NOT_READ_YET: 'It has not been read yet. Ask again later.',
  }),
});

export const UpstreamReportRef = builder.objectRef<UpstreamReport>('UpstreamReport').implement({
  description: 'The part that one upstream took in an answer. An upstream that did not answer has a report too.',
  fields: (t) => ({
    upstream: upstreamField(t, 'The upstream that this report is about.'),
    ok: t.exposeBoolean('ok', { description: 'Whether it answered every call.' }),
    observedAt: t.expose('observedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time of the oldest read that the answer rests on. `null` if no read succeeded.',
    }),
    stale: t.exposeBoolean('stale', {
      description: 'Whether the answer has older records because the upstream cannot be read now.',
    }),
    complete: t.exposeBoolean('complete', {
      description:
        'Whether the answer has every record that was asked for, as of `observedAt`. `false` exactly if `incompleteReasons` has an entry.',
    }),
    incompleteReasons: t.expose('incompleteReasons', {
      type: [IncompleteReasonRef],
      description: 'The reasons why records may be missing, each once. Empty if none are.',
    }),
    error: t.expose('error', {
      type: UpstreamReportErrorRef,
      nullable: true,
      description:
        'The failure of a call, or records that could not be read. `null` if there was neither, even if `complete` is false for another reason.',
    }),
  }),
});
