import type { CallLoad } from '../domain/call-observer.js';
import type { CallKind, CallRate } from '../domain/call-rate.js';
import { UpstreamError } from '../domain/upstream-error.js';
import { type CallOptions, canceled } from './call.js';

interface TurnsOptions {
  readonly upstream: string;
  readonly maxConcurrent: number;
  readonly rate?: CallRate | undefined;
}

/** The queue of calls to one upstream. */
interface Turns {
  /**
   * Does the work when its turn comes. Throws `canceled` if the operation ends first. Throws `throttled`, with the
   * known wait, as soon as its turn is sure to come after the operation's deadline.
   */
  run<T>(options: CallOptions, kind: CallKind | undefined, work: () => Promise<T>): Promise<T>;
  load(): CallLoad;
}

interface Waiting {
  readonly deadlineAt: number;
  begin(): void;
  refuse(error: UpstreamError): void;
}

/** The calls that wait for the same kind of turn, first come first served. */
interface Line {
  readonly kind: CallKind | undefined;
  waiting: Waiting[];
  /** True while a rate request is running, or the calls have to wait for the rate. */
  held: boolean;
  /** The time of the next rate request, by `performance.now()`; 0 if there is no wait. */
  asksAt: number;
}

/** Our refusal, not the upstream's: a retry soon would not help, and nothing was sent. */
const tooLate = (upstream: string, waitMs: number): UpstreamError =>
  new UpstreamError(upstream, 'throttled', 'its turn would come after the operation’s deadline', {
    retryAfterMs: Math.ceil(waitMs),
    transient: false,
    sent: false,
  });

/**
 * Limits the calls that run at once and, for a kind with a rate, the calls per second. Each kind has its own line, and
 * free places alternate between the lines, so that many reads of single records do not delay a list. A call counts
 * against the rate only when there is a place for it, so none are used up behind a slow upstream.
 */
export const createTurns = ({ upstream, maxConcurrent, rate }: TurnsOptions): Turns => {
  const lines: Line[] = [];
  let running = 0;
  let asking = 0; // places reserved for calls whose rate request is running

  const lineOf = (kind: CallKind | undefined): Line => {
    const limited = rate === undefined ? undefined : kind;
    const known = lines.find((line) => line.kind === limited);
    if (known !== undefined) return known;
    const line: Line = { kind: limited, waiting: [], held: false, asksAt: 0 };
    lines.unshift(line);
    return line;
  };

  /** The least wait for a call at that position, in milliseconds. */
  const waitAt = ({ kind, asksAt }: Line, position: number): number => {
    if (rate === undefined || kind === undefined || asksAt === 0) return 0;
    return asksAt - performance.now() + Math.floor(position / rate.perSecond[kind]) * 1000;
  };

  const isTooLate = (waitMs: number, deadlineAt: number): boolean =>
    waitMs > 0 && performance.now() + waitMs >= deadlineAt;

  const hold = (line: Line, waitMs: number): void => {
    line.asksAt = performance.now() + waitMs;
    setTimeout(() => {
      line.held = false;
      line.asksAt = 0;
      advance();
    }, waitMs);
    const all = line.waiting;
    line.waiting = [];
    for (const one of all) {
      const wait = waitAt(line, line.waiting.length);
      if (isTooLate(wait, one.deadlineAt)) one.refuse(tooLate(upstream, wait));
      else line.waiting.push(one);
    }
  };

  const beginNext = (line: Line): void => {
    const next = line.waiting.shift();
    if (next === undefined) return; // it left during the request
    running += 1;
    next.begin();
  };

  /** Requests turns at once for all calls that could begin now, because a shared rate may answer slowly. */
  const ask = async ({ take }: CallRate, line: Line, kind: CallKind): Promise<void> => {
    const others = lines.filter((one) => one !== line && !one.held && one.waiting.length > 0).length;
    const share = Math.ceil((maxConcurrent - running - asking) / (others + 1));
    const count = Math.min(share, line.waiting.length);
    line.held = true;
    asking += count;
    const { taken, waitMs } = await take(kind, count);
    asking -= count;
    for (let turn = 0; turn < taken; turn += 1) beginNext(line);
    if (waitMs > 0) hold(line, waitMs);
    else line.held = false;
    advance();
  };

  const advance = (): void => {
    while (running + asking < maxConcurrent) {
      const line = lines.find(({ held, waiting }) => !held && waiting.length > 0);
      if (line === undefined) return;
      lines.push(...lines.splice(lines.indexOf(line), 1));
      if (rate === undefined || line.kind === undefined) beginNext(line);
      else void ask(rate, line, line.kind);
    }
  };

  const turn = ({ signal, deadlineAt = Number.POSITIVE_INFINITY }: CallOptions, line: Line): Promise<void> =>
    new Promise((resolve, reject) => {
      const waitMs = waitAt(line, line.waiting.length);
      if (signal?.aborted) return reject(canceled(upstream));
      if (isTooLate(waitMs, deadlineAt)) return reject(tooLate(upstream, waitMs));
      const leave = (): void => {
        line.waiting = line.waiting.filter((other) => other !== one);
        reject(canceled(upstream));
      };
      const stay = (): void => signal?.removeEventListener('abort', leave);
      const one: Waiting = {
        deadlineAt,
        begin: () => {
          stay();
          resolve();
        },
        refuse: (error) => {
          stay();
          reject(error);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      line.waiting.push(one);
      advance();
    });

  return {
    run: async (options, kind, work) => {
      await turn(options, lineOf(kind));
      try {
        return await work();
      } finally {
        running -= 1;
        advance();
      }
    },
    load: () => ({ running, waiting: lines.reduce((sum, { waiting }) => sum + waiting.length, 0) }),
  };
};
