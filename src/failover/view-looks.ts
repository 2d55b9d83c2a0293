import { HOUR_MICROS } from '../domain/micros.js';
import { listed as listedWords } from '../domain/phrase.js';
import type { RefusalCode } from '../domain/refusal.js';
import {
  type ListedViewFailover,
  type ProtectedView,
  type ViewFailoverAction,
  isUnderWay,
} from '../domain/view-failover.js';
import type { ViewFailoverRequest } from '../domain/view-failover-result.js';
import type { CallOptions } from '../calling/call.js';
import type { ViewFailoverAbility } from '../upstream/view-failover-ability.js';
import { type Look, SINCE_RUN, dataLossAccepted, look, nameConfirmed } from './confirmations.js';
import { type Finding, bad, good } from './finding.js';
import { freshly } from './freshly.js';
import type { MutationContext } from './mutation-context.js';
import { type ViewFacts, isGrave, newestOf, readView } from './view-facts.js';
import { matchAttempts } from './view-failovers.js';
import { sourceSilent } from './view-source.js';

interface Looks {
  readonly looks: readonly Look[];
  readonly facts: ViewFacts;
}

/** The greatest age of a PREPARE's replication. */
const PREPARED_SECONDS = HOUR_MICROS / 1_000_000;

const words: Readonly<Record<ViewFailoverAction, string>> = {
  PREPARE: 'Prepare',
  FINALIZE: 'Finalize',
  UNPLANNED: 'Unplanned',
};

const viewKnown = (view: ProtectedView | null): Finding => {
  if (view === null) return bad('The cluster that takes over has no view of this id.');
  return view.name === null ? bad('The cluster does not report the name of the view.') : good(`It is ${view.name}.`);
};

const operationAllowed = (
  operations: readonly string[] | null,
  action: ViewFailoverAction,
  { withoutOperations }: ViewFailoverAbility,
): Finding => {
  if (operations === null)
    return withoutOperations
      ? good('The cluster does not report what it allows, and the config has viewFailoverWithoutOperations.')
      : bad('The cluster does not report what it allows: it has no operations of a view, as before 7.1.');
  if (operations.includes(words[action])) return good(`The cluster allows ${words[action]}.`);
  return bad(
    operations.length === 0
      ? `The cluster does not allow ${words[action]}, nor anything else.`
      : `The cluster does not allow ${words[action]}, only ${listedWords(operations)}.`,
  );
};

const noneUnderWay = (listed: readonly ListedViewFailover[]): Finding => {
  const open = listed.filter(isUnderWay).map(({ failoverId }) => failoverId);
  return open.length === 0
    ? good('The cluster lists none that goes on.')
    : bad(`A failover of the view goes on: ${listedWords(open)}.`);
};

/** The check that the last step of the view was a PREPARE, and its data are new enough. */
const prepared = async ({
  listed,
  attempts,
  operations,
  ageSeconds,
}: ViewFacts): Promise<Finding & { code?: RefusalCode }> => {
  const all = await listed;
  const newest = newestOf(all);
  if (newest === null) return bad('The cluster lists no failover of the view: PREPARE comes first.');
  const { kind, state, failoverId } = newest;
  const step = matchAttempts(all, await attempts).attemptOf(newest)?.step ?? null;
  if (kind !== 'PLANNED' || step === 'FINALIZE') return bad('The newest failover of the view is no PREPARE.');
  if (state !== 'SUCCEEDED') return bad(`The PREPARE, ${failoverId}, has not succeeded: ${state}.`);
  if (step === null && (await operations) === null)
    return bad('The newest failover was begun elsewhere, and this cluster does not distinguish PREPARE and FINALIZE.');
  const age = await ageSeconds;
  if (age === null)
    return { ...bad('The cluster does not report when the replication of the PREPARE ended.'), code: 'AGE_UNKNOWN' };
  return age > PREPARED_SECONDS
    ? bad(`The replication of the PREPARE ended ${age} seconds ago, more than an hour: PREPARE again.`)
    : good(`The replication of the PREPARE ended ${age} seconds ago.`);
};

const sinceOf = ({ action }: ViewFailoverRequest): string =>
  action === 'FINALIZE' ? 'since the end of the replication' : SINCE_RUN;

/** The confirmations that a person must give. */
const confirmations = (facts: ViewFacts, request: ViewFailoverRequest): readonly Look[] => [
  look(
    'NAME_CONFIRMED',
    async () => nameConfirmed('view', (await facts.view)?.name ?? null, request.confirmName),
    'CONFIRMATION_REQUIRED',
    'confirmName',
  ),
  look(
    'DATA_LOSS_ACCEPTED',
    async () => dataLossAccepted(await facts.ageSeconds, request.acceptDataLossSeconds, sinceOf(request)),
    'CONFIRMATION_REQUIRED',
    'acceptDataLossSeconds',
  ),
];

/** The checks before a step of a view, in this order: the same for a plan and for the request. */
export const looksAtView = (
  context: MutationContext,
  ability: ViewFailoverAbility,
  request: ViewFailoverRequest,
  call: CallOptions,
): Looks => {
  const facts = readView(context, ability, request, call);
  const { action, upstream, sourceIsAlive } = request;
  const silent = async (): Promise<Finding> =>
    sourceIsAlive
      ? good('sourceIsAlive: the source was not asked.')
      : sourceSilent(context, freshly(context.session, call), upstream, await facts.groups);
  const looks = [
    look('VIEW_KNOWN', async () => viewKnown(await facts.view), 'NOT_FOUND', 'viewId'),
    look('OPERATION_ALLOWED', async () => operationAllowed(await facts.operations, action, ability)),
    look('NO_FAILOVER_UNDER_WAY', async () => noneUnderWay(await facts.listed)),
    ...(action === 'FINALIZE' ? [look('PREPARED', () => prepared(facts))] : []),
    ...(isGrave(request) ? confirmations(facts, request) : []),
    ...(action === 'UNPLANNED' ? [look('SOURCE_SILENT', silent, 'CONFIRMATION_REQUIRED', 'sourceIsAlive')] : []),
  ];
  return { looks, facts };
};
