import { type FailoverAttempt } from '../domain/failover-attempt.js';
import type { WorkflowPlace, WorkflowRules } from '../domain/failover-workflow-result.js';
import { identityOfCluster } from '../domain/upstream.js';
import { micros } from '../domain/micros.js';
import { type FailoverWorkflow, openingOf, stepAttemptsOf, toFailoverWorkflow } from '../domain/workflow-of.js';
import { orNull } from '../calling/outcome.js';
import type { Session } from '../upstream/product.js';
import { recallReachable, recallSince } from './guard.js';
import type { MutationContext } from './mutation-context.js';
import { type FailoverContext, loadFailover, loadFailoverProgress } from './status.js';

/** The inputs for reading a workflow. */
export interface WorkflowReading extends FailoverContext {
  readonly limits: Pick<MutationContext['limits'], 'requestTimeoutMs'>;
}

/** The inputs of a workflow's mutations. */
export interface WorkflowContext extends MutationContext {
  readonly workflow: WorkflowRules;
}

/** The configured upstream that has that cluster id, by its pinned identity or its present one. */
export const sourceNamed = async (
  { failoverGuard: { identities } }: Pick<FailoverContext, 'failoverGuard'>,
  session: Session,
  clusterId: bigint | null,
  except: string,
): Promise<string | null> => {
  if (clusterId === null) return null;
  const wanted = identityOfCluster(clusterId);
  const others = [...session.clients.values()].filter(({ upstream: { name } }) => name !== except);
  const known = others.find(({ upstream: { name } }) => identities.pinned(name) === wanted);
  if (known !== undefined) return known.upstream.name;
  for (const { upstream, ownId } of others) {
    if (identities.pinned(upstream.name) !== null || ownId === undefined) continue;
    if ((await orNull(ownId(session))) === clusterId) return upstream.name;
  }
  return null;
};

const readWorkflow = async (
  context: WorkflowReading,
  { upstream, failoverId }: WorkflowPlace,
  attempts: readonly FailoverAttempt[],
): Promise<FailoverWorkflow | null> => {
  const { session, now, limits } = context;
  const init = stepAttemptsOf(attempts, failoverId).find(({ name }) => name === 'INIT')?.attempt;
  if (init === undefined) return null;
  const source = await sourceNamed(context, session, openingOf(init).sourceClusterId, upstream);
  const isPlanned = openingOf(init).kind === 'PLANNED';
  // An outage of the source must not hide the workflow: a planned run that cannot be read is unconfirmed.
  const failover = source === null || !isPlanned ? null : await orRemembered(context, source, failoverId);
  const planned = failover === null ? null : { failover, progress: await loadFailoverProgress(session, failover) };
  const longest = limits.requestTimeoutMs * 1000;
  return toFailoverWorkflow({ upstream, failoverId, attempts, source, planned, now, longest });
};

const orRemembered = async (context: FailoverContext, source: string, failoverId: string) => {
  const read = await orNull(loadFailover(context, source, failoverId).then((failover) => ({ failover })));
  if (read !== null) return read.failover;
  const deaf = { ...context, session: { ...context.session, clients: emptied(context.session) } };
  return loadFailover(deaf, source, failoverId);
};

/** No upstream can be asked: what the stores remember is all there is. */
const emptied = ({ clients: { hidden } }: Session): Session['clients'] => Object.assign(new Map(), { hidden });

/** A workflow by its id; `null` if nothing was sent under it. One poll of the source, if the planned run is known. */
export const loadFailoverWorkflow = async (
  context: WorkflowReading,
  place: WorkflowPlace,
): Promise<FailoverWorkflow | null> =>
  readWorkflow(context, place, (await recallReachable(context.failoverGuard, place.upstream, micros(0))).attempts);

/** The same for a decision: rejects with an `Error` if a store cannot be read. */
export const mustLoadWorkflow = async (
  context: WorkflowReading,
  place: WorkflowPlace,
): Promise<FailoverWorkflow | null> =>
  readWorkflow(context, place, await recallSince(context.failoverGuard, place.upstream, micros(0)));
