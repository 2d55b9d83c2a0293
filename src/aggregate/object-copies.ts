import DataLoader from 'dataloader';
import type { Connection } from '../domain/connection.js';
import { type CopyFilter, isGiven, matchesCopy } from '../domain/copy-filter.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import { toReportedError } from '../domain/error-code.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';
import { HOUR_MICROS, micros } from '../domain/micros.js';
import { type ObjectCopies, type Unread, createObjectCopies } from '../domain/object-copies.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { Objects } from '../upstream/product.js';
import { clustersAmong, createReplicaRule } from '../upstream/replicas.js';
import { reasonOfFailure } from '../upstream/report.js';
import type { Source } from '../upstream/source.js';
import { type Asked, type ListArguments, type ListContext, list } from './lists.js';
import { merge } from './merge.js';

/** The object's own upstream, which knows its protected objects. */
const ownerOf = ({ session }: ListContext, { upstream }: ProtectedObject): Objects => {
  const objects = session.clients.get(upstream)?.objects;
  if (objects === undefined) throw new Error(`the upstream ${upstream} has no objects, so none can belong to it`);
  return objects;
};

/** The copies of one object that other upstreams make of its replica, and the rule that finds them. */
const copiesElsewhere = ({ session }: ListContext, objects: Objects, object: ProtectedObject) => {
  const { clients } = session;
  const clusters = objects.copiesElsewhere === undefined ? [] : clustersAmong(clients, clients.keys());
  const rule = createReplicaRule(session, { mode: 'AUTO', clusters });
  return { rule, sources: objects.copiesElsewhere?.(session, object, rule) ?? [] };
};

/** Whether a copy is of that object; an upstream may send more than was asked for. */
const isOf = (objects: Objects, object: ProtectedObject, copy: CopyOperation): boolean =>
  copy.upstream !== object.upstream || objects.objectOf(copy)?.id === object.id;

/**
 * `ProtectedObject.copies`: the list of one object's copies, including those that other upstreams make of its replica.
 * One call if the window is up to a day.
 */
export const listCopiesOf = (
  context: ListContext,
  object: ProtectedObject,
  args: ListArguments,
  asked: Asked,
): Promise<Connection<CopyOperation>> => {
  const objects = ownerOf(context, object);
  const { rule, sources } = copiesElsewhere(context, objects, object);
  const named = args.filter?.upstreams;
  const others = sources.filter(({ upstream }) => !isGiven(named) || named.includes(upstream));
  return list<CopyOperation>(
    'copies',
    context,
    args,
    asked,
    [objects.copiesOf(context.session, object), ...others],
    (filter: CopyFilter, copy) => isOf(objects, object, copy) && matchesCopy(filter, copy, context.now),
    // The copies that the object's own upstream holds are shown, whoever owns them. The other sources return only
    // matching ones.
    () => ({ ...rule, passes: () => true, toldBy: () => null }),
  );
};

export type ObjectCopiesLoader = DataLoader<ProtectedObject, ObjectCopies, string>;

/**
 * Sums up an object's copies within the look-back: one pass over its copies, unless a list has already summed them. If
 * an upstream cannot be read, that is an error, because half of the copies would raise a false alarm. An unreadable
 * recovery point counts as good; if an outage caused that, or another cluster could not be asked for its copies of the
 * replica, `unread` says so.
 */
export const createObjectCopiesLoader = (context: ListContext): ObjectCopiesLoader =>
  new DataLoader(
    (objects) =>
      Promise.all(objects.map((object) => (object.copies === null ? sumUp(context, object) : object.copies))),
    { cacheKeyFn: ({ id, copies }) => `${id} ${copies === null}` },
  );

const sumUp = async (context: ListContext, object: ProtectedObject): Promise<ObjectCopies | Error> => {
  const { session, now } = context;
  const objects = ownerOf(context, object);
  const sum = createObjectCopies(now);
  const unweighed: CopyOperation[] = [];
  const { rule, sources } = copiesElsewhere(context, objects, object);
  const pass = (some: readonly Source<CopyOperation>[]) =>
    merge<CopyOperation>({
      sources: some,
      window: { from: lookBackFrom(context), to: null },
      now,
      matches: (copy) => isOf(objects, object, copy),
      page: null,
      each: (copy) => {
        const worth = objects.worthOf(copy, now);
        if (worth === null) unweighed.push(copy);
        else sum.add(copy, worth);
      },
    });
  const [own, others] = await Promise.all([pass([objects.copiesOf(session, object)]), pass(sources), rule.ready]);
  if (own.failures[0] !== undefined) return own.failures[0];
  const { weighed, stale } = await weigh(context, objects, unweighed);
  for (const { copy, worth } of weighed) sum.add(copy, worth);
  const failure = weighed.find((one) => one.failure !== null)?.failure ?? null;
  const [lost] = [failure, stale].filter((one) => one !== null);
  return sum.result([
    ...(lost === undefined ? [] : [unreadPoint(object, lost, failure !== null)]),
    // The own upstream's report only if something is missing, or the cluster did not say its own id, which its replicas
    // need.
    ...own.upstreamReports
      .map(rule.reported)
      .filter((report, at) => report !== own.upstreamReports[at] || !report.complete),
    ...others.upstreamReports.map(rule.reported),
  ]);
};

const unreadPoint = ({ upstream }: ProtectedObject, failure: UpstreamError, isMissing: boolean): Unread => ({
  upstream,
  error: toReportedError(failure),
  incompleteReasons: isMissing ? [reasonOfFailure(failure)] : [], // the earlier read is used
});

/** The values of copies that need further reads from their upstream. */
export const weigh = async ({ session, now }: ListContext, objects: Objects, copies: readonly CopyOperation[]) =>
  (await objects.weigh?.(session, copies, now)) ?? { weighed: [], reasons: new Set<IncompleteReason>(), stale: null };

/** The beginning of the look-back for an object's last good copy. */
export const lookBackFrom = ({ now, limits }: ListContext) => micros(now - limits.lookBackHours * HOUR_MICROS);
