import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type DefinitionNode, type OperationDefinitionNode, parse, print } from 'graphql';

/** The server that is measured against the others. */
export const OURS = 'copygraph';

/** How many different sets of variables there are, so that equal operations seldom meet. */
const SETS = 45;

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** The same records, named by page and number for the peers, and by time and id for us. */
const variablesOf = (set: number, newest: number): Readonly<Record<string, string | null>> => ({
  token: set === 0 ? null : Buffer.from(String(100 * set)).toString('base64url'),
  job: String(set + 1),
  jobGid: `ProtectionJob:bench-cohesity:${set + 1}`,
  from: iso(newest - (100 * set + 99) * 60 - 30),
  to: iso(newest - 100 * set * 60 + 30),
  since: iso(newest - 50 * 3600),
});

const isOperation = (node: DefinitionNode): node is OperationDefinitionNode => node.kind === 'OperationDefinition';

const ourText = readFileSync(new URL('queries/ours.graphql', import.meta.url), 'utf8');
const theirText = readFileSync(new URL('queries/peers.graphql', import.meta.url), 'utf8');
/** Tailcall shows AWS's envelope around one job. */
const enveloped = theirText.replace(/parent (\{[^}]*\})/, 'parent { job $1 }');

const textOf = (server: string): string => (server === OURS ? ourText : server === 'tailcall' ? enveloped : theirText);

/** The bodies that a server is sent for each operation: one for each set of variables. */
export const operationsOf = (server: string, newest: number): ReadonlyMap<string, readonly string[]> => {
  const document = parse(textOf(server));
  return new Map(
    document.definitions.filter(isOperation).map((operation) => {
      const names = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
      const query = print(operation).replace(/\s+/g, ' ');
      const bodies = Array.from({ length: SETS }, (_, set) => {
        const all = variablesOf(set, newest);
        return JSON.stringify({ query, variables: Object.fromEntries(names.map((name) => [name, all[name]])) });
      });
      return [operation.name?.value ?? '', bodies];
    }),
  );
};

/** The bodies to send in turn: all, or only the first where operations are equal. */
export const inTurn = (mode: string, bodies: readonly string[] = []): readonly string[] =>
  mode === 'equal' ? bodies.slice(0, 1) : bodies;

/** Our answers, as far as the four operations ask for them. */
interface Nodes<T> {
  readonly nodes: readonly T[];
}

interface OurJob {
  readonly [name: string]: unknown;
  readonly parent?: OurJob | null;
}

interface OurTask {
  readonly status: string;
  readonly taskStartTimeUsecs?: string | null;
  readonly taskEndTimeUsecs: string | null;
  readonly source: { readonly id: string; readonly name?: string };
}

interface OurCopy {
  readonly status: string;
  readonly runStartTimeUsecs?: string | null;
  readonly taskUid: { readonly id: string; readonly clusterId?: string };
  readonly target: { readonly type: string };
  readonly copySnapshotTasks: Nodes<OurTask>;
}

interface OurRun {
  readonly jobRunId?: string;
  readonly status: string;
  readonly runType?: string;
  readonly protectionJob?: { readonly id: string; readonly name: string };
  readonly copyRuns: Nodes<OurCopy>;
}

interface OurData {
  readonly copyJobs?: Nodes<OurJob>;
  readonly protectionRuns?: Nodes<OurRun>;
}

/** The peers' answers: nothing of them is read but the cursor. */
interface TheirData {
  readonly copyJobs?: { readonly items: readonly object[]; readonly nextToken?: unknown };
  readonly protectionRuns?: unknown;
}

/** A member that was not asked for stays `undefined`, and is left out in the end. */
const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

const micros = (text: string | null | undefined): number | null | undefined => {
  if (text === null || text === undefined) return text;
  const [, whole = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(text) ?? [];
  return Date.parse(`${whole}Z`) * 1000 + Number(fraction.padEnd(6, '0'));
};

const numbers: readonly string[] = ['backupSizeInBytes', 'numberOfChildJobs'];
const times: readonly string[] = ['creationDate', 'completionDate'];

const toMember = (name: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  if (times.includes(name)) return (micros(value) ?? 0) / 1e6;
  return numbers.includes(name) ? Number(value) : value;
};

const toJob = ({ parent, ...job }: OurJob): object => ({
  ...Object.fromEntries(Object.entries(job).map(([name, value]) => [name, toMember(name, value)])),
  ...(parent !== undefined && { parent: parent === null ? null : toJob(parent) }),
});

const toTask = ({ status, taskStartTimeUsecs, taskEndTimeUsecs, source: { id, name } }: OurTask) => ({
  status,
  taskStartTimeUsecs: micros(taskStartTimeUsecs),
  taskEndTimeUsecs: micros(taskEndTimeUsecs),
  source: { id: Number(id), name },
});

/** `LOCAL` is `kLocal` in the vendor's words. */
const inVendorWords = (word: string | undefined): string | undefined =>
  word === undefined ? undefined : `k${word.charAt(0)}${word.slice(1).toLowerCase()}`;

const toCopy = ({ status, runStartTimeUsecs, taskUid, target: { type }, copySnapshotTasks }: OurCopy) => ({
  status,
  runStartTimeUsecs: micros(runStartTimeUsecs),
  taskUid: { id: Number(taskUid.id), clusterId: number(taskUid.clusterId) },
  target: { type: inVendorWords(type) },
  // We promise no order among the parts of a run.
  copySnapshotTasks: copySnapshotTasks.nodes.map(toTask).sort((a, b) => a.source.id - b.source.id),
});

const toRun = ({ jobRunId, status, runType, protectionJob: job, copyRuns }: OurRun) => ({
  jobId: number(job?.id.split(':').at(-1)),
  jobName: job?.name,
  backupRun: { jobRunId: number(jobRunId), status, runType: inVendorWords(runType) },
  copyRuns: copyRuns.nodes.map(toCopy).sort((a, b) => a.taskUid.id - b.taskUid.id),
});

const projected = ({ copyJobs, protectionRuns }: OurData): TheirData =>
  JSON.parse(
    JSON.stringify({
      copyJobs: copyJobs && { items: copyJobs.nodes.map(toJob) },
      protectionRuns: protectionRuns?.nodes.map(toRun),
    }),
  );

/** A job with its parent as such, whatever is around it. */
const unwrapped = (job: { readonly parent?: { readonly job?: object } | null }): object =>
  job.parent?.job === undefined ? job : { ...job, parent: job.parent.job };

/** Without the cursor, since each server has its own. */
const comparable = ({ copyJobs, ...others }: TheirData): TheirData =>
  copyJobs === undefined ? others : { ...others, copyJobs: { items: copyJobs.items.map(unwrapped) } };

/** Whether an answer's data is that of the server written by hand. */
export const isEqual = (data: OurData | TheirData, wanted: TheirData, ours: boolean): boolean => {
  const theirs = ours ? projected(data as OurData) : (data as TheirData); // `ours` says which
  return isDeepStrictEqual(comparable(theirs), comparable(wanted));
};
