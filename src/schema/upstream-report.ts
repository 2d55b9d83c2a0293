import type { ErrorCode, ReportedError } from '../domain/error-code.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { builder } from './builder.js';
import { described } from './described.js';
import { upstreamField } from './upstream.js';

const ErrorCodeRef = builder.enumType('ErrorCode', {
  description: 'What went wrong, in words a program can act on; the same as `errors[].extensions.code`.',
  values: described<ErrorCode>({
    BAD_USER_INPUT: 'An argument cannot be taken.',
    UNAUTHENTICATED: 'No valid token or key came with the request.',
    FORBIDDEN: 'The caller may not do this, or not see that upstream.',
    QUERY_TOO_COMPLEX:
      'The query is too large or too deep, or would cost too much; `extensions.limit` says which limit.',
    RATE_LIMITED: 'The caller asks too often, or the gateway has too much to do; see retryAfterMs.',
    PERSISTED_QUERY_NOT_SUPPORTED: 'A hash was sent where ids of documents are not taken. Send the text.',
    PERSISTED_QUERY_NOT_FOUND: 'No trusted document has that hash. Send the text.',
    UPSTREAM_TIMEOUT: 'The upstream did not answer in time.',
    UPSTREAM_UNAVAILABLE: 'The upstream could not be reached, or failed.',
    UPSTREAM_RATE_LIMITED:
      'The upstream asks us to slow down, or as much is asked of it as the config allows; see retryAfterMs.',
    UPSTREAM_CIRCUIT_OPEN: 'The upstream failed too often and is left alone for a moment; see retryAfterMs.',
    UPSTREAM_AUTH: 'The upstream refused our credentials; an operator has to act.',
    UPSTREAM_BAD_RESPONSE:
      'The upstream sent what cannot be read or is too large, or left out what addresses a record.',
    UPSTREAM_BUDGET_EXCEEDED: 'The operation would need more upstream calls than it may make; ask for less.',
    INTERNAL: 'A fault of ours; the log has it under the error id.',
  }),
});

const UpstreamReportErrorRef = builder.objectRef<ReportedError>('UpstreamReportError').implement({
  description: 'Why an upstream has no part, or not its whole part, in an answer.',
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeRef, description: 'What went wrong.' }),
    message: t.exposeString('message', { description: 'The same for a person, in our words and not the vendor’s.' }),
    retryAfterMs: t.exposeInt('retryAfterMs', {
      nullable: true,
      description: 'How long to wait before asking again, in milliseconds, where the upstream or its breaker says so.',
    }),
  }),
});

const IncompleteReasonRef = builder.enumType('IncompleteReason', {
  description: 'Why something that was asked for may be missing from an answer.',
  values: described<IncompleteReason>({
    UPSTREAM_FAILED: 'A call to the upstream failed; `error` says how.',
    BUDGET: 'The operation would have needed more upstream calls than it may make. Ask for less.',
    TOO_LARGE: 'An answer of the upstream is too large, however little is asked for at once.',
    UNREADABLE: 'The upstream sent records that cannot be read or addressed, or an answer that cannot be read at all.',
    LOOK_BACK:
      'The filter asks for more than the gateway looks back, `limits.lookBackHours`. `startedAfter` reads further.',
    NOT_READ_YET: 'It has not been read yet. Ask again later.',
  }),
});

export const UpstreamReportRef = builder.objectRef<UpstreamReport>('UpstreamReport').implement({
  description: 'How one upstream took part in a list: silence is never an answer.',
  fields: (t) => ({
    upstream: upstreamField(t, 'Which upstream.'),
    ok: t.exposeBoolean('ok', { description: 'Whether it answered every call that the list made.' }),
    observedAt: t.expose('observedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was read: the oldest of the reads that the list rests on; `null` where none succeeded.',
    }),
    stale: t.exposeBoolean('stale', { description: 'Whether older records are shown since it cannot be read now.' }),
    complete: t.exposeBoolean('complete', {
      description:
        'Whether nothing of what was asked for is missing from it, as of `observedAt`. `false` exactly where `incompleteReasons` has an entry.',
    }),
    incompleteReasons: t.expose('incompleteReasons', {
      type: [IncompleteReasonRef],
      description: 'Why something may be missing, each reason once; empty where nothing is.',
    }),
    error: t.expose('error', {
      type: UpstreamReportErrorRef,
      nullable: true,
      description: 'Why not; `null` where all is well.',
    }),
  }),
});
