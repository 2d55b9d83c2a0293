import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { ActivityState } from '../../src/domain/activity.js';
import type { AuditTrail } from '../../src/domain/audit.js';
import type { CopyOperation } from '../../src/domain/copy-operation.js';
import type { CopyRetryResult } from '../../src/domain/copy-retry.js';
import type { FailoverAttempt } from '../../src/domain/failover-attempt.js';
import { mayHaveArrived } from '../../src/domain/failover-attempt.js';
import { micros } from '../../src/domain/micros.js';
import { UpstreamError } from '../../src/domain/upstream-error.js';
import { createAuditTrail } from '../../src/edge/audit.js';
import { type SharedGuard, createFailoverGuard } from '../../src/failover/guard.js';
import { createFailoverMemory } from '../../src/failover/memory.js';
import { createOwnTurns } from '../../src/failover/own-turns.js';
import type { MutationContext } from '../../src/failover/mutation-context.js';
import { retryCopy } from '../../src/failover/retry-copy.js';
import { visibleClients } from '../../src/upstream/clients.js';
import type { UpstreamClient } from '../../src/upstream/product.js';

/** The fate of a request at the upstream. */
export type Fate = 'taken' | 'taken, answer lost' | 'not taken, answer lost' | 'refused' | 'not sent';

/** One request that left for the upstream. */
export interface Request {
  readonly key: string;
  readonly fate: Fate;
  /** Whether an audit file had it, and not that it came to nothing, when it left. */
  readonly written: boolean;
  /** Whether a request before it may have been taken on, as far as anyone could see. */
  readonly rival: boolean;
}

const upstream = 'dc-east';
/** About a third of it is for the search after a lost answer. */
const requestTimeoutMs = 600;

const copyOf = (mark: number, state: ActivityState): CopyOperation => ({
  __typename: 'CopyRun',
  id: `CopyRun:${upstream}:7:1:1:1:${mark}`,
  upstream,
  name: 'VM Gold',
  state,
  upstreamState: null,
  error: null,
  failureCategory: null,
  startedAt: micros(mark),
  endedAt: null,
  observedAt: micros(1),
  target: null,
  offsite: null,
  sizeBytes: null,
  transferredBytes: null,
  expiresAt: null,
});

/** Whether one of the audit files of a folder has the beginning of an attempt and no end of it. */
export const isWritten = (folder: string, key: string): boolean =>
  readdirSync(folder).some((name) => {
    const file = join(folder, name);
    const lines = existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [];
    const records = lines.map((line) => JSON.parse(line)).filter((record) => record.key === key);
    const ended = new Set(records.flatMap(({ phase, attemptId }) => (phase === 'after' ? [attemptId] : [])));
    return records.some(({ phase, attemptId }) => phase === 'before' && !ended.has(attemptId));
  });

/** An upstream with one copy that failed; another comes with each request that it takes on. */
export const createModelUpstream = (fates: readonly Fate[], namesMade: boolean, folder: string) => {
  const copies = [copyOf(1, 'FAILED')];
  const requests: Request[] = [];
  let nth = 0;

  const take = (): string => {
    copies.push(copyOf(copies.length + 1, 'RUNNING'));
    return copies.at(-1)?.id ?? '';
  };
  const send = async (key: string): Promise<string | null> => {
    const fate = fates[nth % fates.length] ?? 'taken';
    nth += 1;
    if (fate === 'not sent') throw new UpstreamError(upstream, 'unavailable', 'not sent', { sent: false });
    const isOpen = (one: Request): boolean =>
      one.fate === 'not taken, answer lost' || (one.fate.startsWith('taken') && copies.at(-1)?.state === 'RUNNING');
    requests.push({
      key,
      fate,
      written: isWritten(folder, `retryCopy:${key}`),
      rival: requests.some(isOpen),
    });
    if (fate === 'refused') throw new UpstreamError(upstream, 'rejected', 'no', { status: 400 });
    const made = fate.startsWith('taken') ? take() : null;
    if (fate !== 'taken') throw new UpstreamError(upstream, 'unavailable', 'lost');
    return namesMade ? made : null;
  };
  return {
    copies,
    requests,
    send,
    /** The copies that go on fail, so that another retry may follow. */
    fail: (): void => copies.forEach((copy, index) => (copies[index] = { ...copy, state: 'FAILED' })),
  };
};

export type ModelUpstream = ReturnType<typeof createModelUpstream>;

/** The store that replicas share, as Redis would be. */
export const createModelShared = (): SharedGuard => {
  const attempts = new Map<string, FailoverAttempt>();
  const turns = createOwnTurns();
  const secret = Buffer.alloc(32, 7);
  return {
    exclusive: turns,
    planSecret: () => Promise.resolve(secret),
    attempts: {
      find: async (_upstream, key) => attempts.get(key) ?? null,
      since: async () => [...attempts.values()],
      standing: async () => ({ kind: 'whole', epoch: 'one' }),
      begin: async (attempt) => {
        const known = attempts.get(attempt.key);
        if (known !== undefined && mayHaveArrived(known)) return false;
        attempts.set(attempt.key, attempt);
        return true;
      },
      stands: async ({ key, attemptId }) => attempts.get(key)?.attemptId === attemptId,
      end: async (attempt) => void attempts.set(attempt.key, attempt),
    },
  };
};

/** A step of the process that may be its last. */
type Step = <T>(work: () => Promise<T>) => Promise<T>;

/** Lives for so many steps, the last of them done or not; then nothing that it waits for ever comes. */
export const createLife = () => {
  let left = Number.POSITIVE_INFINITY;
  let doesLast = true;
  let died = (): void => undefined;
  const death = new Promise<'dead'>((resolve) => (died = () => resolve('dead')));
  const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
  const step: Step = async (work) => {
    left -= 1;
    if (left > 0) {
      const result = await work();
      return left > 0 ? result : never();
    }
    if (left === 0 && doesLast) await work().catch(() => undefined);
    left = Math.min(left, 0);
    died();
    return never();
  };
  return {
    step,
    death,
    dieAfter: (steps: number, last: boolean): void => {
      left = steps;
      doesLast = last;
    },
    isDead: () => left <= 0,
  };
};

export const mortal = (trail: AuditTrail, step: Step): AuditTrail => ({
  ...trail,
  before: (record) => step(() => trail.before(record)),
  after: (record) => step(() => trail.after(record)),
  earlier: (attempt) => step(() => trail.earlier(attempt)),
});

export const mortalShared = (shared: SharedGuard, step: Step): SharedGuard => ({
  ...shared,
  attempts: {
    ...shared.attempts,
    begin: (attempt, epoch) => step(() => shared.attempts.begin(attempt, epoch)),
    end: (attempt) => step(() => shared.attempts.end(attempt)),
  },
});

/** One process before the upstream; after its death, only its file and the shared store remain. */
export const startModelReplica = (
  model: ModelUpstream,
  {
    file,
    shared,
    tokens,
  }: { readonly file: string; readonly shared: SharedGuard | null; readonly tokens: Map<string, string> },
) => {
  const life = createLife();
  const { step } = life;
  const trail = createAuditTrail({ logger: pino({ level: 'silent' }), file });
  const guard = createFailoverGuard(mortal(trail, step), shared && mortalShared(shared, step), createFailoverMemory());
  const clientFor = (key: string): UpstreamClient => ({
    upstream: { __typename: 'Upstream', id: upstream, name: upstream, kind: 'MODEL', sandbox: false, region: null },
    health: () => ({ status: 'UP', latencyMs: null, lastSuccessAt: null, lastError: null, circuit: 'CLOSED' }),
    copies: () => null,
    live: () => [],
    identityNow: () => Promise.resolve('cluster 1'),
    retry: {
      find: async () => {
        const copies = [...model.copies];
        const copy = copies.at(0);
        return copy === undefined
          ? null
          : {
              copy,
              subject: 'copy',
              copies,
              source: { ok: true, detail: '' },
              send: () => step(() => model.send(key)),
            };
      },
      markOf: ({ id }) => id,
      forget: () => undefined,
    },
  });
  const contextFor = (key: string): MutationContext => ({
    session: { clients: visibleClients(new Map([[upstream, clientFor(key)]]), null), call: {}, base: null },
    failoverGuard: guard,
    now: micros(Date.now() * 1000),
    limits: { maxPageSize: 10, lookBackHours: 1, maxGroups: 10, requestTimeoutMs },
    principal: { name: 'model', scopes: new Set(), upstreams: null, expiresAt: null },
    call: {},
  });
  const ask = (key: string, dryRun: boolean, planToken: string | null): Promise<CopyRetryResult> =>
    retryCopy(contextFor(key), {
      id: { type: 'CopyRun', upstream, parts: ['7', '1', '1', '1', '1'] },
      copyId: `CopyRun:${upstream}:7:1:1:1:1`,
      idempotencyKey: key,
      dryRun,
      planToken,
    });
  const alive = (work: () => Promise<CopyRetryResult>): Promise<CopyRetryResult | 'dead' | 'outage'> =>
    Promise.race([work(), life.death]).catch((error: unknown) => {
      if (error instanceof UpstreamError) return 'outage';
      throw error;
    });
  const plan = async (key: string): Promise<void> => {
    const found = await alive(() => ask(key, true, null));
    if (typeof found !== 'string' && found.__typename === 'CopyRetryPlan' && found.planToken !== null)
      tokens.set(key, found.planToken);
  };
  return {
    life,
    /** Plans a key, and keeps the token that it gave. */
    plan,
    /** Presses with the newest token that a plan of the key gave, however that has turned out since. */
    press: (key: string): Promise<CopyRetryResult | 'dead' | 'outage'> =>
      alive(async () => {
        await plan(key);
        return ask(key, false, tokens.get(key) ?? null);
      }),
  };
};
