import DataLoader from 'dataloader';
import { isGood } from '../domain/activity.js';
import type { Connection } from '../domain/connection.js';
import { type CopyFilter, isGiven, matchesCopy } from '../domain/copy-filter.js';
import type { CopyJob } from '../domain/copy-job.js';
import { toReportedError } from '../domain/error-code.js';
import { HOUR_MICROS, micros } from '../domain/micros.js';
import { type ObjectCopies, type ObjectCopy, type Unread, createObjectCopies } from '../domain/object-copies.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import { clientsNamed, isAwsBackup } from './clients.js';
import { copyJobSource } from './copy-job-pages.js';
import { type Asked, type ListArguments, type ListContext, list } from './lists.js';
import { type Source, merge } from './merge.js';
import { protectionRunSource } from './protection-runs.js';
import { readAllPoints } from './recovery-points.js';
import { replicaCopiesOf } from './replica-copies.js';
import { reasonOfFailure } from './report.js';

/** The copies of one object: Cohesity narrows its runs by source, AWS its jobs by resource. */
const copiesSource = (
  { clients, loaders }: ListContext,
  { upstream, source, resourceArn }: ProtectedObject,
): Source<ObjectCopy> => {
  const [client] = clientsNamed(clients, [upstream], 'id');
  if (client === undefined) throw new Error(`an object of an upstream that is not configured: ${upstream}`);
  const sourceId = source?.sourceId ?? null;
  return isAwsBackup(client)
    ? copyJobSource({
        upstream,
        loaders,
        slices: client.slices,
        queries: resourceArn === null ? [] : [{ resourceArn }],
      })
    : protectionRunSource<ObjectCopy>({
        upstream,
        loaders,
        slices: client.slices,
        detail: 'tasks',
        jobIds: null,
        sourceId: sourceId?.toString(),
        recordsOf: ({ copyRuns }) =>
          copyRuns.flatMap(({ tasks }) => tasks ?? []).filter((task) => task.source?.sourceId === sourceId),
      });
};

const isOf = (object: ProtectedObject, copy: ObjectCopy): boolean =>
  copy.__typename !== 'CopyJob' || copy.resourceArn === object.resourceArn;

/**
 * `ProtectedObject.copies`: the list of one object's copies, one call while the window is a day; with those that other
 * clusters make of their replica.
 */
export const listCopiesOf = (
  context: ListContext,
  object: ProtectedObject,
  args: ListArguments,
  asked: Asked,
): Promise<Connection<ObjectCopy>> => {
  const { rule, sources } = replicaCopiesOf(context, object);
  const named = args.filter?.upstreams;
  const others = sources.filter(({ upstream }) => !isGiven(named) || named.includes(upstream));
  return list<ObjectCopy>(
    'copies',
    context,
    args,
    asked,
    [copiesSource(context, object), ...others],
    (filter: CopyFilter, copy) => isOf(object, copy) && matchesCopy(filter, copy),
    // What the object's own cluster holds is shown, whoever owns it; the others' sources bring only what belongs here.
    () => ({ ...rule, passes: () => true, toldBy: () => null }),
  );
};

export type ObjectCopiesLoader = DataLoader<ProtectedObject, ObjectCopies, string>;

/**
 * What the copies of an object come to, as far back as the gateway looks: one pass over its copies for each object
 * that no list has brought. An upstream that cannot be read is an error, since half of the copies would raise a false
 * alarm. A recovery point that cannot be read counts as good. Where that is for an outage, or where another cluster
 * could not be asked for its copies of the replica, `unread` says so.
 */
export const createObjectCopiesLoader = (context: ListContext): ObjectCopiesLoader =>
  new DataLoader(
    (objects) =>
      Promise.all(objects.map((object) => (object.copies === null ? sumUp(context, object) : object.copies))),
    { cacheKeyFn: ({ id, copies }) => `${id} ${copies === null}` },
  );

const sumUp = async (context: ListContext, object: ProtectedObject): Promise<ObjectCopies | Error> => {
  const sum = createObjectCopies(context.now);
  const ended: CopyJob[] = [];
  const { rule, sources } = replicaCopiesOf(context, object);
  const pass = (some: readonly Source<ObjectCopy>[]) =>
    merge<ObjectCopy>({
      sources: some,
      window: { from: lookBackFrom(context), to: null },
      now: context.now,
      matches: (copy) => isOf(object, copy),
      page: null,
      each: (copy) => {
        if (copy.__typename === 'CopyJob' && isGood(copy.state)) ended.push(copy);
        else sum.add(copy);
      },
    });
  const [own, others] = await Promise.all([pass([copiesSource(context, object)]), pass(sources), rule.ready]);
  if (own.failures[0] !== undefined) return own.failures[0];
  const { read, stale } = await readAllPoints(context, ended);
  for (const { job, points } of read) sum.add(job, points);
  const failure = read.find(({ points }) => points.failure !== null)?.points.failure ?? null;
  const [lost] = [failure, stale].filter((one) => one !== null);
  return sum.result([
    ...(lost === undefined ? [] : [unreadPoint(object, lost, failure !== null)]),
    // Of its own cluster only what is missing, and that it could not say who it is: then nobody knows its replicas.
    ...own.upstreamReports
      .map(rule.reported)
      .filter((report, at) => report !== own.upstreamReports[at] || !report.complete),
    ...others.upstreamReports.map(rule.reported),
  ]);
};

const unreadPoint = ({ upstream }: ProtectedObject, failure: UpstreamError, isMissing: boolean): Unread => ({
  upstream,
  error: toReportedError(failure),
  incompleteReasons: isMissing ? [reasonOfFailure(failure)] : [], // what was read before stands in
});

/** As far back as the gateway looks for an object's last good copy. */
export const lookBackFrom = ({ now, limits }: ListContext) => micros(now - limits.lookBackHours * HOUR_MICROS);
