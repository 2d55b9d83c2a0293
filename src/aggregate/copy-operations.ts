import type { Connection } from '../domain/connection.js';
import { type AnyCopy, type CopyFilter, isGiven, matchesCopy } from '../domain/copy-filter.js';
import { type CopyGroup, type CopySum, type GroupBy, createCopySum } from '../domain/copy-summary.js';
import type { ProtectionRun } from '../domain/protection-run.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { type Asked, type ListArguments, type ListContext, list, replicaRuleOf, within } from './lists.js';
import { type Source, merge } from './merge.js';
import { jobSources, runSources } from './sources.js';

export const copyOperationTypes = ['COPY_RUN', 'COPY_SNAPSHOT_TASK', 'COPY_JOB'] as const;
export type CopyOperationType = (typeof copyOperationTypes)[number];

/** The filter of the one list over all vendors. */
export interface CopyOperationFilter extends CopyFilter {
  readonly types?: readonly CopyOperationType[] | null | undefined;
}

const standardTypes: readonly CopyOperationType[] = ['COPY_RUN', 'COPY_JOB'];

/** One source for each upstream that has any of the kinds asked for; a cluster's runs bring copies and tasks at once. */
const copySources = (
  context: ListContext,
  filter: CopyOperationFilter,
  tasksBelow: boolean,
): readonly Source<AnyCopy>[] => {
  const types = filter.types ?? standardTypes;
  const [runs, tasks] = [types.includes('COPY_RUN'), types.includes('COPY_SNAPSHOT_TASK')];
  const recordsOf = ({ copyRuns }: ProtectionRun): readonly AnyCopy[] => [
    ...(runs ? copyRuns : []),
    ...(tasks ? copyRuns.flatMap((copyRun) => copyRun.tasks ?? []) : []),
  ];
  const detail = tasks || tasksBelow || isGiven(filter.objectName) ? 'tasks' : 'copies';
  return [
    ...(runs || tasks ? runSources<AnyCopy>(context, filter, detail, recordsOf) : []),
    ...(types.includes('COPY_JOB') ? jobSources(context, filter) : []),
  ];
};

/** `copyOperations`: what the lists of its kinds cost, each upstream read only as far as the page needs. */
export const listCopyOperations = (
  context: ListContext,
  args: ListArguments & { readonly filter?: CopyOperationFilter | null | undefined },
  asked: Asked,
): Promise<Connection<AnyCopy>> =>
  list('copyOperations', context, args, asked, copySources(context, args.filter ?? {}, asked.tasks), matchesCopy);

export interface CopySummary {
  readonly total: CopySum;
  readonly groups: readonly CopyGroup[];
  readonly upstreamReports: readonly UpstreamReport[];
}

/**
 * `copySummary`: counts and bytes over the whole window in one pass, with the reads of a list beside it shared. Of
 * AWS's composite jobs only the leaves count unless the filter says otherwise, so that no byte counts twice.
 */
export const summarizeCopies = async (
  context: ListContext,
  given: CopyOperationFilter | null | undefined,
  groupBy: readonly GroupBy[],
): Promise<CopySummary> => {
  const { filter, window, reasons } = within({ ...given, composite: given?.composite ?? 'LEAVES' }, context, null);
  const sources = copySources(context, { ...given }, false);
  const replicas = replicaRuleOf(context, filter, sources);
  const sum = createCopySum(groupBy);
  const ofOwners = new Map<string, ReturnType<typeof createCopySum>>(); // they count if the owner has failed
  const add = (copy: AnyCopy, owner: string | null): void => {
    if (owner === null) return sum.add(copy);
    const own = ofOwners.get(owner) ?? createCopySum(groupBy);
    ofOwners.set(owner, own);
    own.add(copy);
  };
  const { upstreamReports, released } = await merge<AnyCopy>({
    sources,
    window,
    reasons,
    now: context.now,
    matches: (copy) => matchesCopy(filter, copy) && replicas.passes(copy),
    replicas,
    page: null,
    each: add,
  });
  for (const [owner, own] of ofOwners) if (released.has(owner)) sum.join(own.result());
  return { ...sum.result(), upstreamReports: upstreamReports.map(replicas.reported) };
};
