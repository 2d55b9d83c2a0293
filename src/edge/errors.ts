import { randomUUID } from 'node:crypto';
import { type ASTNode, GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { BadInputError } from '../domain/bad-input.js';
import { errorCodes, toReportedError } from '../domain/error-code.js';
import { ForbiddenError } from '../domain/forbidden.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { ReportedError } from '../domain/error-code.js';
import { TooComplexError } from '../domain/too-complex.js';

const toPath = (path: GraphQLResolveInfo['path'] | undefined): readonly (string | number)[] =>
  path === undefined ? [] : [...toPath(path.prev), path.key];

/** An outage as an entry in `errors`; the data stay in the answer. */
export const reportedError = (
  upstream: string,
  { code, message, retryAfterMs }: ReportedError,
  path: GraphQLResolveInfo['path'],
  nodes: readonly ASTNode[],
): GraphQLError =>
  new GraphQLError(message, { nodes, path: toPath(path), extensions: extensionsOf(code, upstream, retryAfterMs) });

const extensionsOf = (code: string, upstream: string, retryAfterMs: number | null) => ({
  code,
  upstream,
  ...(retryAfterMs === null ? {} : { retryAfterMs }),
});

const codes = new Set<unknown>([...errorCodes, 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']);

/** Our own error inside GraphQL's wrapping. */
const causeOf = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError !== undefined ? causeOf(error.originalError) : error;

type Log = (fields: { readonly errorId: string; readonly err: unknown }, message: string) => void;

/**
 * Turns any error into one of the documented codes. An unexpected one is masked: the caller gets an error id, and the
 * log has the details under it.
 */
export const createMaskError =
  (log: Log) =>
  (error: unknown): Error => {
    const cause = causeOf(error);
    const { nodes = null, source, positions, path } = error instanceof GraphQLError ? error : new GraphQLError('');
    const rewrite = (message: string, extensions: Readonly<Record<string, unknown>>): GraphQLError =>
      new GraphQLError(message, { nodes, source, positions, path, extensions });

    if (cause instanceof BadInputError) {
      return rewrite(cause.message, { code: 'BAD_USER_INPUT', argument: cause.argument });
    }
    if (cause instanceof TooComplexError)
      return rewrite(cause.message, { code: 'QUERY_TOO_COMPLEX', ...cause.figures });
    if (cause instanceof ForbiddenError) return rewrite(cause.message, { code: 'FORBIDDEN' });
    if (cause instanceof UpstreamError) {
      const { code, message, retryAfterMs } = toReportedError(cause);
      return rewrite(message, extensionsOf(code, cause.upstream, retryAfterMs));
    }
    if (error instanceof GraphQLError && cause instanceof GraphQLError && !isUnfit(cause, path)) {
      // The HTTP server has its own codes for invalid requests.
      const code = codes.has(cause.extensions['code']) ? cause.extensions['code'] : 'BAD_USER_INPUT';
      return rewrite(cut(error.message), { ...cause.extensions, ...error.extensions, code });
    }
    const errorId = randomUUID();
    log({ errorId, err: cause }, 'unexpected error');
    return rewrite(`Internal error; quote the error id ${errorId} to the operator.`, { code: 'INTERNAL', errorId });
  };

/**
 * GraphQL refuses queries that do not parse or do not fit the schema, and values of the wrong type. These are mistakes
 * of callers, and point at a place in the query. A value it refuses in an answer, such as a number beyond `Int`, is our
 * bug.
 */
const isUnfit = ({ extensions, nodes }: GraphQLError, path: GraphQLError['path']): boolean =>
  path !== undefined && nodes === undefined && extensions['code'] === undefined;

/** GraphQL quotes the refused value, however long. */
const cut = (message: string): string => (message.length > 1000 ? `${message.slice(0, 999)}…` : message);
