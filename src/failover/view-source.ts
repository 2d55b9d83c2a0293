import { isReplica } from '../domain/replica.js';
import { type Micros, HOUR_MICROS, micros } from '../domain/micros.js';
import { isGoodSnapshot } from '../domain/good-copy.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import { identityOfCluster } from '../domain/upstream.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { ProtectedView } from '../domain/view-failover.js';
import { startDeadline } from '../calling/deadline.js';
import { orFailure, orNull } from '../calling/outcome.js';
import type { Session, UpstreamClient } from '../upstream/product.js';
import { type Finding, bad, good, mustFailOver } from './finding.js';
import type { MutationContext } from './mutation-context.js';

/** The longest wait for a sign of life from a source. */
const PROBE_MS = 5_000;
const RUNS_AT_MOST = 1000;

/** The groups that protect a view, among all jobs of the cluster that takes over, by uid, which all clusters share. */
export const groupsOfView = async (
  session: Session,
  upstream: string,
  { groupIds }: ProtectedView,
): Promise<readonly ProtectionJob[]> => {
  if (groupIds.length === 0) return [];
  const jobs = await mustFailOver(session, upstream).jobs(session);
  return jobs.filter(
    ({ uid }) => uid !== null && groupIds.includes([uid.clusterId, uid.clusterIncarnationId, uid.id].join(':')),
  );
};

/**
 * The start of these groups' newest good run on this cluster, which is the age of the data. `null` if the look-back has
 * none.
 */
export const newestGoodRun = async (
  { now, limits }: MutationContext,
  session: Session,
  groups: readonly ProtectionJob[],
): Promise<Micros | null> => {
  const since = micros(now - limits.lookBackHours * HOUR_MICROS);
  const runs = await Promise.all(
    groups.map(({ jobId, upstream }) =>
      mustFailOver(session, upstream).runs(session, { jobId, since, most: RUNS_AT_MOST, shellOnly: false }),
    ),
  );
  const starts = runs
    .flat()
    .filter(({ copyRuns }) => copyRuns.some((copy) => copy.target?.kind === 'LOCAL' && isGoodSnapshot(copy, now)))
    .flatMap(({ startedAt }) => startedAt ?? []);
  return starts.length === 0 ? null : micros(Math.max(...starts));
};

/** The cluster that a view's groups come from; `null` if it is not reported, or there are several. */
const sourceIdOf = (groups: readonly ProtectionJob[], own: bigint): bigint | null => {
  const ids = new Set(groups.filter((job) => isReplica(job, own) === true).map(({ uid }) => uid?.clusterId ?? null));
  const [id = null] = ids;
  return ids.size === 1 ? id : null;
};

/** Whether a configured upstream is that cluster, by its pinned identity or its present one. */
const isThat = async (
  { failoverGuard: { identities } }: MutationContext,
  session: Session,
  client: UpstreamClient,
  clusterId: bigint,
): Promise<boolean> => {
  const pinned = identities.pinned(client.upstream.name);
  if (pinned !== null) return pinned === identityOfCluster(clusterId);
  return client.ownId !== undefined && (await orNull(client.ownId(session))) === clusterId;
};

/** Failures that do not show whether the cluster is alive; a status or a certificate is an answer. */
const silence: ReadonlySet<UpstreamError['reason']> = new Set(['timeout', 'unavailable', 'circuitOpen', 'canceled']);

const isSilence = ({ reason, status, untrusted }: UpstreamError): boolean =>
  silence.has(reason) && status === null && !untrusted;

/** Whether any system answers under the name of an upstream. */
const answers = async ({ identityNow }: UpstreamClient, mostMs: number): Promise<boolean> => {
  if (identityNow === undefined) return false;
  const deadline = startDeadline(mostMs);
  try {
    const found = await orFailure(identityNow({ signal: deadline.signal }));
    return !(found instanceof UpstreamError) || !isSilence(found);
  } finally {
    deadline.end();
  }
};

/** The configured upstream that is that cluster; `undefined` if none is, or none says so in this time. */
const upstreamOfCluster = async (
  context: MutationContext,
  session: Session,
  clusterId: bigint,
  { except, mostMs }: { readonly except: string; readonly mostMs: number },
): Promise<UpstreamClient | undefined> => {
  const others = [...session.clients.values()].filter(({ upstream: { name } }) => name !== except);
  const deadline = startDeadline(mostMs);
  try {
    const brief = { ...session, call: { ...session.call, signal: deadline.signal } };
    const known = await Promise.all(others.map((client) => isThat(context, brief, client, clusterId)));
    return others.find((_, index) => known[index] === true);
  } finally {
    deadline.end();
  }
};

const probeMs = ({ limits }: Pick<MutationContext, 'limits'>): number =>
  Math.min(PROBE_MS, limits.requestTimeoutMs / 6);

/** The check that a source cluster is silent. If that cannot be found out, it is not ok. */
export const clusterSilent = async (
  context: MutationContext,
  session: Session,
  upstream: string,
  sourceId: bigint,
): Promise<Finding> => {
  const mostMs = probeMs(context);
  const source = await upstreamOfCluster(context, session, sourceId, { except: upstream, mostMs });
  if (source === undefined)
    return bad(
      `The source, cluster ${sourceId}, is no upstream that you may see, or never answered: it cannot be asked.`,
    );
  return (await answers(source, mostMs))
    ? bad(`The source, ${source.upstream.name}, answers.`)
    : good(`The source, ${source.upstream.name}, does not answer.`);
};

/** The same for the source of a view. */
export const sourceSilent = async (
  context: MutationContext,
  session: Session,
  upstream: string,
  groups: readonly ProtectionJob[],
): Promise<Finding> => {
  const own = await session.clients.get(upstream)?.ownId?.(session);
  const sourceId = own === undefined ? null : sourceIdOf(groups, own);
  return sourceId === null
    ? bad('The cluster does not report where the view comes from, so the source cannot be asked.')
    : clusterSilent(context, session, upstream, sourceId);
};
