import { BadInputError } from '../domain/bad-input.js';
import { isGiven, matchesCopy } from '../domain/copy-filter.js';
import type { CopyTimeBasis, GroupBy, GroupingBasis } from '../domain/copy-group.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import {
  type CopyGathering,
  type CopyGroup,
  type CopySummaryOrder,
  createSorting,
  gatherCopies,
} from '../domain/copy-summary.js';
import { type CopySum, sumOf } from '../domain/copy-tally.js';
import { type TimeZone, timeZoneNamed } from '../domain/time-zone.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { inTurns } from '../calling/event-loop.js';
import { createByOwner } from './by-owner.js';
import { type CopyOperationFilter, copySources, typesOfOneObject } from './copy-operations.js';
import { type ListContext, replicaRuleOf, within } from './lists.js';
import { merge } from './merge.js';
import { createReplicaGroups } from './replica-groups.js';

export interface CopySummary {
  readonly total: CopySum;
  readonly groups: readonly CopyGroup[];
  readonly upstreamReports: readonly UpstreamReport[];
}

/** The arguments of a summary, as a caller wrote them. */
interface SummaryArguments {
  readonly filter?: CopyOperationFilter | null | undefined;
  readonly groupBy?: readonly GroupBy[] | null | undefined;
  readonly timeZone?: string | null | undefined; // UTC if absent
  readonly by?: CopyTimeBasis | null | undefined; // STARTED if absent
  readonly orderBy?: CopySummaryOrder | null | undefined;
  readonly first?: number | null | undefined;
}

const zoneOf = (name: string): TimeZone => {
  const zone = timeZoneNamed(name);
  if (zone !== null) return zone;
  throw new BadInputError(
    'timeZone',
    `timeZone ${JSON.stringify(name.slice(0, 100))} is not a known time zone; use a name from the IANA database, such as Europe/Berlin.`,
  );
};

const checkFirst = (first: number | null | undefined, maxGroups: number): number | null => {
  if (!isGiven(first)) return null;
  if (first >= 0 && first <= maxGroups) return first;
  throw new BadInputError('first', `first must be from 0 to ${maxGroups} (limits.maxGroups); it is ${first}.`);
};

/** When grouped by object, only copies of one object each count: the parts of a run, not the run. */
const filterFor = (filter: CopyOperationFilter, groupBy: readonly GroupBy[]): CopyOperationFilter => {
  const leaves = { ...filter, composite: filter.composite ?? 'LEAVES' };
  if (!groupBy.includes('OBJECT')) return leaves;
  const fit = typesOfOneObject();
  const unfit = filter.types?.find((type) => !fit.includes(type));
  if (unfit === undefined) return { ...leaves, types: filter.types ?? fit };
  throw new BadInputError(
    'filter.types',
    `filter.types has ${unfit}, which copies many objects at once, so groupBy OBJECT cannot split it. Use ${fit.join(' and ')}, or leave types out.`,
  );
};

const basisOf = ({ session }: ListContext, { timeZone, by }: SummaryArguments): GroupingBasis => ({
  by: by ?? 'STARTED',
  zone: zoneOf(timeZone ?? 'UTC'),
  objectOf: (copy) => session.clients.get(copy.upstream)?.objects?.objectOf(copy) ?? null,
});

/** The groups in the order asked for. */
const sortedGroups = async (
  { groups }: CopyGathering,
  order: CopySummaryOrder | null,
  first: number | null,
): Promise<readonly CopyGroup[]> => {
  const sorting = createSorting(order);
  await inTurns(groups, sorting.add);
  return sorting.first(first);
};

/**
 * `copySummary`: counts and bytes over the whole window in one pass; it shares reads with lists in the same query. Of
 * AWS's composite jobs only the leaves count unless the filter says otherwise, so that no byte counts twice.
 */
export const summarizeCopies = async (context: ListContext, args: SummaryArguments): Promise<CopySummary> => {
  const { maxGroups } = context.limits;
  const groupBy = args.groupBy ?? [];
  const basis = basisOf(context, args);
  const first = checkFirst(args.first, maxGroups);
  const asked = filterFor(args.filter ?? {}, groupBy);
  const { filter, window, reasons } = within(asked, context, null);
  const sources = copySources(context, asked, false);
  const replicas = replicaRuleOf(context, filter, sources);
  const gather = (): CopyGathering => gatherCopies(groupBy, basis, maxGroups);
  const gatherings = createByOwner(gather);
  const gathering = gatherings.sure;
  const byObject = groupBy.includes('OBJECT') ? createReplicaGroups(basis.objectOf, replicas, gather) : null;
  const add = (copy: CopyOperation, owner: string | null): void =>
    ((owner === null ? byObject?.gatheringFor(copy) : null) ?? gatherings.for(owner)).add(copy);
  const { upstreamReports, released } = await merge<CopyOperation>({
    sources,
    window,
    reasons,
    now: context.now,
    matches: (copy) => matchesCopy(filter, copy, context.now) && replicas.passes(copy),
    replicas,
    page: null,
    each: add,
  });
  for (const own of gatherings.released(released)) gathering.join(own);
  byObject?.joinTo(gathering, released);
  return {
    total: sumOf(gathering.total),
    groups: await sortedGroups(gathering, args.orderBy ?? null, first),
    upstreamReports: upstreamReports.map(replicas.reported),
  };
};
