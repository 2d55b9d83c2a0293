import { expect } from 'vitest';
import { type AccountHolds, answerAwsBackup } from './aws-backup.js';
import { closing } from './closing.js';
import { type ClusterHolds, answerCohesity, isWide } from './cohesity.js';
import { type Fake, type Seen, awsBackupAt, cohesityAt, startDouble } from './fake.js';
import { startGateway } from './gateway.js';
import { looks, swift, watch } from './live.js';
import { until } from './until.js';
import type { Wire } from './wire.js';

/** The content of a cluster, and its id. */
export interface ClusterHeld extends Pick<ClusterHolds, 'jobs' | 'sources'> {
  readonly id: number;
  readonly runs?: readonly Wire[];
  readonly slow?: boolean; // no answer in time for the runs of all jobs at once
}

/** The content of an account in one Region. */
export interface AccountHeld extends Pick<AccountHolds, 'vaults' | 'points'> {
  readonly region: string;
  readonly copyJobs?: readonly Wire[];
}

/** One estate, a question about it, and what each surface has to say. */
export interface Case {
  readonly clusters?: Readonly<Record<string, ClusterHeld>>;
  readonly accounts?: Readonly<Record<string, AccountHeld>>;
  readonly filter?: string; // of copies
  readonly fields?: string; // of a copy, as fragments or as fields of `CopyOperation`
  /** The copies in lists, sums and streams, with these fields, in any order. */
  readonly copies: readonly Wire[];
  /** Copies that they leave out, although they exist and may be referred to. */
  readonly hidden?: readonly Wire[];
  readonly objectFilter?: string;
  readonly objectFields?: string;
  readonly objects?: readonly Wire[];
  readonly reasons?: readonly string[]; // of every report
  readonly errors?: readonly string[]; // if a reference has no report, as `<field> <code>`
}

export const OWN_ACCOUNT = '111122223333';

const copiesOf = (run: Wire): readonly Wire[] => (run['copyRun'] ?? []) as readonly Wire[]; // as the tests write them
const tasksOf = (copy: Wire): readonly Wire[] => (copy['copySnapshotTasks'] ?? []) as readonly Wire[];

/** The same estate while all of it is copying, which is what a stream begins with. */
const whileCopying = ({ clusters = {}, accounts = {} }: Pick<Case, 'clusters' | 'accounts'>) => ({
  clusters: mapValues(clusters, (held) => ({
    ...held,
    runs: (held.runs ?? []).map((run) => ({
      ...run,
      copyRun: copiesOf(run).map((copy) => ({
        ...copy,
        status: 'kRunning',
        copySnapshotTasks: tasksOf(copy).map((task) => ({ ...task, status: 'kRunning' })),
      })),
    })),
  })),
  accounts: mapValues(accounts, (held) => ({
    ...held,
    copyJobs: (held.copyJobs ?? []).map(({ CompletionDate: _, ...job }) => ({ ...job, State: 'RUNNING' })),
  })),
});

const mapValues = <T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

/** Upstreams that hold what they are given, which changes as the test goes, and the gateway in front of them. */
const start = async (asked: Case) => {
  const held: Pick<Case, 'clusters' | 'accounts'> = { ...whileCopying(asked) };
  const fakes: Fake[] = [];
  const upstreams = [];
  for (const [name, first] of Object.entries(asked.clusters ?? {})) {
    const now = (): ClusterHeld => held.clusters?.[name] ?? first;
    const answer = (seen: Seen) => answerCohesity({ ...now(), cluster: { id: first.id, name } })(seen);
    const fake = closing(await startDouble(answer));
    fake.before = (seen) => (now().slow === true && isWide(seen) ? { status: 504, body: 'too slow' } : undefined);
    fakes.push(fake);
    upstreams.push({ ...cohesityAt(fake), id: name });
  }
  for (const [name, first] of Object.entries(asked.accounts ?? {})) {
    const now = (): AccountHeld => held.accounts?.[name] ?? first;
    const fake = closing(await startDouble((seen) => answerAwsBackup({ ...now(), account: OWN_ACCOUNT })(seen)));
    fakes.push(fake);
    upstreams.push({ ...awsBackupAt(fake), id: name, region: first.region });
  }
  const gateway = await startGateway({ upstreams, live: swift });
  closing({ close: () => gateway.close(0) });
  return { ...gateway, held, looked: () => Promise.all(fakes.map((fake) => looks(fake, 4))) };
};

const byId = (records: readonly Wire[]): readonly Wire[] =>
  [...records].sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));

const countsOf = (copies: readonly Wire[]): readonly Wire[] => {
  const states = [...new Set(copies.map(({ state }) => String(state)))].sort();
  return states.map((state) => ({ state, count: copies.filter((copy) => copy['state'] === state).length }));
};

const reports = 'upstreamReports { incompleteReasons }';

const queryOf = ({ filter = '', fields = '', objectFilter = '', objectFields = 'name' }: Case): string => {
  const [copies, objects] = [filter, objectFilter].map((text) => (text === '' ? '' : `(filter: { ${text} })`));
  return `query ($representations: [_Any!]!) {
    copyOperations${copies} { totalCount nodes { id state ${fields} } ${reports} }
    copySummary${copies} { total { count } ${reports} }
    states: copySummary(groupBy: [STATE]${filter && `, filter: { ${filter} }`}) { groups { state count } ${reports} }
    protectedObjects${objects} { nodes { id ${objectFields} } ${reports} }
    _entities(representations: $representations) {
      ... on CopyOperation { id state ${fields} }
      ... on ProtectedObject { id ${objectFields} }
    }
  }`;
};

const reasonsOf = ({ upstreamReports }: { upstreamReports: readonly { incompleteReasons: readonly string[] }[] }) => [
  ...new Set(upstreamReports.flatMap(({ incompleteReasons }) => incompleteReasons)),
];

/** Asks all five surfaces, and expects of each what the case says. */
export const expectEverywhere = async (asked: Case): Promise<void> => {
  const { copies, hidden = [], objects = [], reasons = [], filter = '', fields = '' } = asked;
  const live = await start(asked);
  const argument = filter === '' ? '' : `(filter: { ${filter} })`;
  const watching = watch(
    live,
    `subscription { copyOperationChanged${argument} { operation { id state ${fields} } ${reports} } }`,
  );
  const all = watch(live, 'subscription { copyOperationChanged(filter: { replicas: INCLUDE }) { operation { id } } }');
  await until(() => {
    expect(['a stream', ...watching.errors, ...all.errors]).toEqual(['a stream']);
    const ids = [...watching.events, ...all.events].flatMap(({ operation }) => operation?.id ?? []);
    expect(ids).toEqual(expect.arrayContaining(copies.map(({ id }) => id))); // so their end will be news
  });
  Object.assign(live.held, { clusters: asked.clusters ?? {}, accounts: asked.accounts ?? {} });
  await live.looked();

  const seen = (): readonly Wire[] => {
    const newest = new Map(watching.events.flatMap(({ operation }) => (operation ? [[operation.id, operation]] : [])));
    return byId([...newest.values()]);
  };
  await until(() => expect(['a stream', seen()]).toEqual(['a stream', byId(copies)]));
  expect(['a stream', watching.errors]).toEqual(['a stream', []]);

  const representations = [...copies, ...hidden, ...objects].map(({ id }) => ({
    __typename: String(id).split(':')[0],
    id,
  }));
  const { data, errors } = await live.execute(queryOf(asked), { representations });
  expect(new Set(errors.map(({ path, extensions }) => `${path?.[0]} ${extensions.code}`))).toEqual(
    new Set(asked.errors),
  );
  expect(['a list', byId(data.copyOperations.nodes)]).toEqual(['a list', byId(copies)]);
  expect(['a sum', data.copySummary.total.count]).toEqual(['a sum', copies.length]);
  expect(['a sum', byId(data.states.groups)]).toEqual(['a sum', countsOf(copies)]);
  expect(['objects', byId(data.protectedObjects.nodes)]).toEqual(['objects', byId(objects)]);
  expect(['references', data._entities]).toEqual(['references', [...copies, ...hidden, ...objects]]);
  for (const answer of ['copyOperations', 'copySummary', 'protectedObjects'])
    expect([answer, reasonsOf(data[answer])]).toEqual([answer, reasons]);
  const last = watching.events.at(-1);
  expect(['a stream', last === undefined ? [] : reasonsOf(last)]).toEqual(['a stream', reasons]);
};
