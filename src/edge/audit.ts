import type { Logger } from 'pino';
import type { AuditRecord, AuditTrail } from '../domain/audit.js';
import { type FailoverAttempt, attemptActions, isAcknowledged, mayHaveArrived } from '../domain/failover-attempt.js';
import { whyUnread, whyUnwritten } from '../domain/file-failure.js';
import { jsonOrUndefined } from '../domain/json.js';
import { isMapping } from '../domain/mapping.js';
import { type Micros, formatDateTime, parseDateTime } from '../domain/micros.js';
import { newestAttemptFirst } from '../domain/newest-attempt.js';
import { writtenAttempt } from '../domain/written-attempt.js';
import { appendLine, createLineReader } from './audit-file.js';

/** A record in its printed form. Written member by member, so that nothing else gets in. */
const shown = (record: AuditRecord) => ({
  phase: record.phase,
  action: record.action,
  attemptId: record.attemptId,
  at: formatDateTime(record.at),
  principal: record.principal,
  upstream: record.upstream,
  key: record.key,
  bodyDigest: record.bodyDigest,
  objectIds: record.objectIds,
  ...(record.replicationClusterId !== null && { replicationClusterId: record.replicationClusterId }),
  ...(record.step !== null && { step: record.step }),
  ...(record.subject !== null && { subject: record.subject, ground: record.ground, madeId: record.madeId }),
  ...(record.sentTo !== undefined && { sentTo: record.sentTo }),
  ...(record.order !== undefined && { order: record.order }),
  ...(record.answer !== undefined && { answer: record.answer }),
  ...(record.acknowledged !== undefined && { acknowledged: record.acknowledged }),
  startedAt: formatDateTime(record.startedAt),
  outcome: record.outcome,
  errorCode: record.errorCode,
});

const lineOf = (record: AuditRecord): string =>
  JSON.stringify({ time: formatDateTime(record.at), channel: 'audit', ...shown(record) });

const timeOf = (written: unknown): Micros | null => (typeof written === 'string' ? parseDateTime(written) : null);

const isAttempt = (action: unknown): boolean => attemptActions.some((one) => one === action);

/** The attempt in a line of the file; `null` for every other line. */
const attemptLine = (line: string): (Pick<AuditRecord, 'phase'> & { readonly attempt: FailoverAttempt }) | null => {
  const record = jsonOrUndefined(line);
  if (!isMapping(record) || record['channel'] !== 'audit' || !isAttempt(record['action'])) return null;
  const { phase } = record;
  const attempt = writtenAttempt(record, timeOf);
  return attempt === null || (phase !== 'before' && phase !== 'after' && phase !== 'acknowledged')
    ? null
    : { phase, attempt };
};

/** The attempts of each key, in the order in which they begin in the file. */
type History = ReadonlyMap<string, readonly FailoverAttempt[]>;

const nameOf = ({ upstream, key }: Pick<FailoverAttempt, 'upstream' | 'key'>): string => `${upstream}:${key}`;

/** The current attempt of a key: the last that may have arrived, otherwise the last that a person has judged, otherwise the last. */
const standingOf = (attempts: readonly FailoverAttempt[]): FailoverAttempt | null =>
  attempts.findLast(mayHaveArrived) ?? attempts.findLast(isAcknowledged) ?? attempts.at(-1) ?? null;

const isKept = (attempt: FailoverAttempt): boolean => mayHaveArrived(attempt) || isAcknowledged(attempt);

/**
 * Adds a record. Of the attempts that never arrived, only the last is kept, and those that a person has judged. The
 * second end of one that was dropped changes nothing.
 */
const withRecord = (
  attempts: readonly FailoverAttempt[],
  phase: AuditRecord['phase'],
  told: FailoverAttempt,
): readonly FailoverAttempt[] => {
  const attempt = phase === 'before' ? { ...told, outcome: null } : told;
  const isKnown = attempts.some(({ attemptId }) => attemptId === attempt.attemptId);
  if (phase !== 'before' && !isKnown && !isKept(attempt) && attempts.length > 0) return attempts;
  const all = isKnown
    ? attempts.map((one) => (one.attemptId === attempt.attemptId ? attempt : one))
    : [...attempts, attempt];
  return all.filter((one, index) => isKept(one) || index === all.length - 1);
};

/** The attempts of each key in the file. Lines that are not records are skipped. */
const createHistory = (file: string) => {
  const history = new Map<string, readonly FailoverAttempt[]>();
  const take = (line: string): void => {
    const read = attemptLine(line);
    if (read === null) return;
    const { phase, attempt } = read;
    const name = nameOf(attempt);
    history.set(name, withRecord(history.get(name) ?? [], phase, attempt));
  };
  const readOn = createLineReader(file, take);
  return async (): Promise<History> => {
    await readOn().catch((error: unknown) => {
      throw new Error(`The audit file could not be read: ${whyUnread(error)}.`);
    });
    return history;
  };
};

/**
 * Writes audit records to the log, whatever its level (except `silent`), and to `file` if there is one: as one line of
 * JSON each, on disk before `before` resolves. An attempt's `outcome` must be an `AttemptOutcome`, because `find` and
 * `since` read it back. They throw an `Error` if the file cannot be read; a missing file is empty.
 */
export const createAuditTrail = ({ logger, file }: { logger: Logger; file: string | null }): AuditTrail => {
  const log = logger.child({ channel: 'audit' }, logger.isLevelEnabled('fatal') ? { level: 'info' } : {});
  const history = file === null ? () => Promise.resolve<History>(new Map()) : createHistory(file);

  let last = Promise.resolve();
  /**
   * Writes one record after another, so that lines are in the order of the calls. Resolves with the reason of a
   * failure.
   */
  const write = (record: AuditRecord): Promise<string | null> => {
    if (file === null) return Promise.resolve(null);
    const written = last.then(() => appendLine(file, lineOf(record))).then(() => null, whyUnwritten);
    last = written.then(() => undefined);
    return written;
  };

  const keep = async (record: AuditRecord): Promise<string | null> => {
    const failure = await write(record);
    const name = `audit: ${record.action}, ${record.phase}`;
    if (failure === null) log.info(shown(record), name);
    else log.error({ ...shown(record), failure }, `${name}: the record could not be written to the audit file`);
    return failure;
  };

  return {
    durable: file !== null,
    before: async (record) => {
      const failure = await keep(record);
      if (failure !== null) throw new Error(`The audit record could not be written: ${failure}.`);
    },
    after: async (record) => {
      await keep(record);
    },
    find: async (upstream, key) => standingOf((await history()).get(nameOf({ upstream, key })) ?? []),
    earlier: async (attempt) => {
      const all = (await history()).get(nameOf(attempt)) ?? [];
      const own = all.findIndex(({ attemptId }) => attemptId === attempt.attemptId);
      return all.slice(0, own < 0 ? all.length : own).find(mayHaveArrived) ?? null;
    },
    reread: async (attempt) =>
      (await history()).get(nameOf(attempt))?.find(({ attemptId }) => attemptId === attempt.attemptId) ?? {
        ...attempt,
        outcome: 'refused', // then it is forgotten, because nothing was sent
      },
    since: async (upstream, from) =>
      [...(await history()).values()]
        .flatMap((attempts) => standingOf(attempts) ?? [])
        .filter((attempt) => attempt.upstream === upstream && attempt.startedAt >= from)
        .sort(newestAttemptFirst),
  };
};
