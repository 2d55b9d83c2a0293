import { DAY_MICROS, HOUR_MICROS, type Micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import {
  MOST_DESCRIBED,
  type PointKey,
  type PointOutcome,
  type KeptOutcome,
  type VaultPoints,
} from './vault-points.js';
import { type CacheContext, isFresh, isUpstreamDown, maySubstitute } from '../../cache/read-through.js';
import { pointShape } from './shapes.js';
import { createSharedReads } from '../../cache/shared-reads.js';

type Settled = Exclude<PointOutcome, UpstreamError>;

const isAtRest = (point: Settled, { copiedAt, endedAt }: PointKey, now: Micros): boolean =>
  point === 'GONE'
    ? now - (endedAt ?? copiedAt ?? now) > DAY_MICROS // a new one may not be listed yet
    : point.status === 'COMPLETED' || point.status === 'AVAILABLE';

/** A vault may show a job's result only a moment after the job has ended. */
const SHOWN_AFTER = HOUR_MICROS / 60;

const told = (point: Settled, { endedAt }: PointKey, now: Micros): Settled | 'YET_TO_SHOW' =>
  point === 'GONE' && now < (endedAt ?? 0) + SHOWN_AFTER ? 'YET_TO_SHOW' : point;

/** Recovery points by ARN; only unknown or old ones are read. */
export const cacheVaultPoints = (context: CacheContext, read: VaultPoints): VaultPoints<KeptOutcome> => {
  const { upstream, store, times, now, observe } = context;
  const shared = createSharedReads<ReadonlyMap<string, PointOutcome>>(context);

  return async (vaultArn, keys, call) => {
    const textOf = ({ arn }: PointKey): string => `recovery-point ${upstream} ${vaultArn} ${arn}`;
    const all = await store.read<Settled>(keys.map(textOf), (one) => isFresh(one, call, now()), pointShape);
    const kept = new Map(keys.map((key, index) => [key.arn, all[index] ?? null]));
    const known = (arn: string) => {
      const one = kept.get(arn) ?? null;
      return one !== null && isFresh(one, call, now()) ? one : null;
    };
    const missing = keys.filter(({ arn }) => known(arn) === null);
    const outcomes = new Map<string, KeptOutcome>();
    for (const key of keys) {
      const one = known(key.arn);
      if (one !== null) outcomes.set(key.arn, told(one.value, key, now()));
    }
    if (missing.length === 0) {
      observe('hit');
      return outcomes;
    }
    const answer = await shared.read([vaultArn, ...missing.map(({ arn }) => arn)].join('\n'), call, (own) =>
      read(vaultArn, missing, own),
    );
    for (const key of missing) {
      const outcome = answer.get(key.arn) ?? 'GONE';
      const old = kept.get(key.arn) ?? null;
      if (!(outcome instanceof UpstreamError)) {
        const ttlMs = isAtRest(outcome, key, now()) ? times.finishedMs : times.listMs;
        const observedAt = outcome === 'GONE' ? now() : outcome.observedAt;
        // For lists, the shared store would cost more than it saves.
        const onlyHere = missing.length > MOST_DESCRIBED;
        store.write(textOf(key), { value: outcome, observedAt, ttlMs }, 1, { onlyHere });
        outcomes.set(key.arn, told(outcome, key, now()));
      } else if (old !== null && isUpstreamDown(outcome) && maySubstitute(old, call, now(), times.staleMs)) {
        observe('stale');
        outcomes.set(key.arn, { point: old.value, stale: outcome });
      } else outcomes.set(key.arn, outcome);
    }
    return outcomes;
  };
};
