import { type Details, mayHaveArrived } from './failover-attempt.js';
import { type StepAttempt, type TakenStepName, detailId, idsOf, mappingsOf, textOf } from './failover-step.js';
import type { FailoverObject } from './failover-workflow.js';

const namesObject = (attempt: StepAttempt['attempt'], id: bigint | null): boolean =>
  id !== null && attempt.objectIds.includes(id.toString());

/** The pairs of ids: from the answer to INIT, otherwise the replicas that were asked about. */
const pairsOf = (init: StepAttempt['attempt']) => {
  const told = mappingsOf(init.answer?.['pairs']).map(({ replicaObjectId, sourceObjectId }) => ({
    replicaObjectId: detailId(replicaObjectId),
    sourceObjectId: detailId(sourceObjectId),
  }));
  const untold = init.objectIds
    .map((id) => detailId(id))
    .filter((id) => id !== null && !told.some(({ replicaObjectId }) => replicaObjectId === id));
  return [...told, ...untold.map((replicaObjectId) => ({ replicaObjectId, sourceObjectId: null }))];
};

const linkOf = (links: readonly StepAttempt[], replica: bigint | null): bigint | null => {
  const all = links
    .filter(({ attempt }) => attempt.outcome === 'accepted')
    .flatMap(({ attempt }) => mappingsOf(attempt.order?.['links']));
  const last = all.findLast(({ replicaObjectId }) => detailId(replicaObjectId) === replica);
  return last === undefined ? null : detailId(last['recoveredObjectId']);
};

/** The result for one object of an accepted activation. */
const activatedBy = (answer: Details | undefined, id: bigint): Pick<FailoverObject, 'activated' | 'error'> => {
  const errors = mappingsOf(answer?.['objectErrors']);
  const own = errors.find(({ objectId }) => detailId(objectId) === id);
  if (own !== undefined) return { activated: false, error: textOf(own['error']) };
  const listed = idsOf(answer?.['objectIds']);
  if (errors.length === 0 || listed?.includes(id) === true) return { activated: true, error: null };
  // An error without an id may be about this object.
  const strays = errors.filter(({ objectId }) => detailId(objectId) === null).map(({ error }) => textOf(error));
  return strays.length === 0
    ? { activated: true, error: null }
    : { activated: null, error: strays.filter((error) => error !== null).join('; ') || null };
};

const activationOf = (
  activations: readonly StepAttempt[],
  replica: bigint | null,
): Pick<FailoverObject, 'activated' | 'error'> => {
  const last = activations.findLast(({ attempt }) => namesObject(attempt, replica));
  if (last === undefined || replica === null || !mayHaveArrived(last.attempt)) return { activated: false, error: null };
  const { outcome, answer, acknowledged } = last.attempt;
  if (outcome !== 'accepted') return { activated: null, error: null };
  const found = activatedBy(answer, replica);
  return found.activated === null && acknowledged !== undefined
    ? { activated: acknowledged.happened, error: acknowledged.happened ? null : found.error }
    : found;
};

const resultOf = ({ attempt }: StepAttempt): boolean | null => (attempt.outcome === 'accepted' ? true : null);

const deactivationsIn = (attempts: readonly StepAttempt[]): readonly StepAttempt[] =>
  attempts.filter(({ name, attempt }) => name === 'DEACTIVATE' && mayHaveArrived(attempt));

/** One that a person reports names no objects: it counts for all. */
const isOfAll = ({ attempt }: StepAttempt): boolean => attempt.objectIds.length === 0;

/** Whether an object of the source is deactivated there; `null` if unknown. */
export const deactivationOf = (attempts: readonly StepAttempt[], source: bigint): boolean | null => {
  const last = deactivationsIn(attempts).findLast((one) => isOfAll(one) || namesObject(one.attempt, source));
  return last === undefined ? false : resultOf(last);
};

/**
 * The same for an object whose id on the source is unknown. Until as many objects were deactivated as have no known id,
 * any of them may be the one that was not.
 */
const deactivationOfUnknown = (
  attempts: readonly StepAttempt[],
  pairs: readonly Pick<FailoverObject, 'sourceObjectId'>[],
): boolean | null => {
  const all = deactivationsIn(attempts);
  const known = new Set(pairs.map(({ sourceObjectId }) => sourceObjectId?.toString()));
  const accepted = all.filter((one) => resultOf(one) === true);
  const named = new Set(accepted.flatMap(({ attempt }) => attempt.objectIds).filter((id) => !known.has(id)));
  const unknown = pairs.filter(({ sourceObjectId }) => sourceObjectId === null).length;
  if (accepted.some(isOfAll) || named.size >= unknown) return true;
  return accepted.length < all.length ? null : false;
};

/** The objects of a workflow. `attempts` are in the order in which they began. */
export const workflowObjects = (
  init: StepAttempt['attempt'],
  attempts: readonly StepAttempt[],
): readonly FailoverObject[] => {
  const of = (wanted: TakenStepName): readonly StepAttempt[] => attempts.filter(({ name }) => name === wanted);
  const pairs = pairsOf(init);
  return pairs.map((pair) => ({
    ...pair,
    recoveredObjectId: linkOf(of('LINK'), pair.replicaObjectId),
    ...activationOf(of('ACTIVATE'), pair.replicaObjectId),
    deactivated:
      pair.sourceObjectId === null
        ? deactivationOfUnknown(attempts, pairs)
        : deactivationOf(attempts, pair.sourceObjectId),
  }));
};
