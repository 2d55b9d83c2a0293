import { readFileSync, readdirSync } from 'node:fs';
import { type Fact, compare, microsOf } from './truth.js';

/** An answer as GraphQL has it; nothing of it has been checked. */
export interface Answer {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- hand-written queries have no type; the judges are the check
  readonly data?: any;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** A request, and what is wrong with an answer to it: nothing, most of the time. */
export interface Request {
  readonly name: string;
  readonly body: { readonly query: string; readonly variables?: object; readonly operationName?: string };
  judge(answer: Answer): readonly string[];
}

export interface Report {
  readonly upstream: { readonly name: string };
  readonly ok: boolean;
  readonly complete: boolean;
  readonly stale?: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
}

interface Node {
  readonly id: string;
  readonly startedAt: string | null;
  readonly state: string;
  readonly upstreamState: string;
}

const HOUR = 3_600_000_000;
const folder = new URL('../../examples/queries/', import.meta.url);

const iso = (micros: number): string => new Date(micros / 1000).toISOString();

/** Every object in an answer, however deep. */
function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(value)) for (const item of value) yield* objectsIn(item);
  else if (typeof value === 'object' && value !== null) {
    yield value as Readonly<Record<string, unknown>>;
    for (const member of Object.values(value)) yield* objectsIn(member);
  }
}

/** All reports in an answer, of whatever list. */
export const reportsIn = (data: unknown): readonly Report[] =>
  [...objectsIn(data)].flatMap(({ upstreamReports }) => (upstreamReports ?? []) as readonly Report[]);

const isUpstreamCode = (code: string | undefined): boolean => /^UPSTREAM_[A-Z_]+$/.test(code ?? '');

/** The faults of any answer. Each failure needs an upstream's code, and a report must say why it is not whole. */
export const judgeAny = ({ data, errors = [] }: Answer): readonly string[] => [
  ...(data === undefined || data === null ? ['no data'] : []),
  ...errors
    .filter(({ extensions }) => !isUpstreamCode(extensions?.code))
    .map(({ message, extensions }) => `an error with the code ${extensions?.code}: ${message}`),
  ...reportsIn(data)
    .filter(({ ok, complete, stale = !ok, error }) =>
      error === null ? !ok || !complete || stale : !isUpstreamCode(error.code) || (ok && complete),
    )
    .map((report) => `a report that does not add up: ${JSON.stringify(report)}`),
];

const select = 'nodes { id startedAt state upstreamState } pageInfo { hasNextPage endCursor }';
const reports = 'upstreamReports { upstream { name } ok complete stale error { code message retryAfterMs } }';

/** The faults of a copy, compared with the facts that the sandbox gives of it. */
const judgeNode = ({ id, startedAt, state, upstreamState }: Node, fact: Fact): readonly string[] => {
  const start = startedAt === null ? Number.NaN : microsOf(startedAt);
  if (fact.state === null) return start === fact.startedAt ? [] : [`${id} began at ${startedAt}`];
  return state === fact.state && upstreamState === fact.upstreamState && start === fact.startedAt
    ? []
    : [`${id} is ${state} (${upstreamState}) since ${startedAt}, and should be ${fact.upstreamState}`];
};

interface Page {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount?: number | null;
  readonly upstreamReports: readonly Report[];
}

/** The faults of a page, if `wanted` is all that this page and those after it should hold. */
const judgePage = (page: Page, wanted: readonly Fact[], byId: ReadonlyMap<string, Fact>): readonly string[] => {
  const placed = page.nodes.map((node) => ({ ...node, startedAt: microsOf(node.startedAt ?? '') }));
  const sorted = placed.every((node, index) => index === 0 || compare(placed[index - 1] ?? node, node) < 0);
  const whole = new Set(page.upstreamReports.filter(({ complete }) => complete).map(({ upstream }) => upstream.name));
  const last = page.pageInfo.hasNextPage ? placed.at(-1) : undefined;
  const shown = new Set(page.nodes.map(({ id }) => id));
  const missing = wanted.filter(
    (fact) => whole.has(fact.upstream) && (last === undefined || compare(fact, last) <= 0) && !shown.has(fact.id),
  );
  return [
    ...(sorted ? [] : ['a list that is not sorted']),
    ...(page.upstreamReports.length === 2 ? [] : ['not a report for each upstream']),
    ...missing.slice(0, 3).map(({ id, upstream }) => `${id} is missing, though ${upstream} is said to be complete`),
    ...page.nodes.flatMap((node) => {
      const fact = byId.get(node.id);
      return fact === undefined ? [] : judgeNode(node, fact);
    }),
  ];
};

export interface UsersOptions {
  readonly truth: readonly Fact[];
  readonly now: number; // when it was read, in microseconds
  readonly random: () => number;
}

/**
 * The requests of users: lists and sums whose truth is known, single records, and the example queries. They send
 * variables, as clients do, so that there are a few documents.
 */
export const createUsers = ({ truth, now, random }: UsersOptions) => {
  const byId = new Map(truth.map((fact) => [fact.id, fact]));
  // The standard sandbox forgets a run after 48 hours.
  const over = truth.filter(({ state, startedAt }) => state !== null && startedAt >= now - 46 * HOUR);
  const [from, to] = [Math.floor((now - 46 * HOUR) / 1000) * 1000, Math.floor((now - 26 * HOUR) / 1000) * 1000];
  const past = truth.filter(({ startedAt }) => startedAt >= from && startedAt < to);
  const window = { startedAfter: iso(from), startedBefore: iso(to) };
  const recent = over.filter(({ startedAt }) => startedAt >= now - 23.5 * HOUR);
  const examples = readdirSync(folder)
    .filter((name) => /^[1-6].*\.graphql$/.test(name))
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);

  const pick = <T>(all: readonly T[]): T => {
    const one = all[Math.floor(random() * all.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  };
  const aged = (): { readonly maxAge?: number } => (random() < 0.3 ? { maxAge: 0 } : {});

  /** The stretch that does not change any more: what it shows is known to the last record. */
  const pastPage = (after: Node | null, cursor: string | null): Request => {
    const behind = after && { id: after.id, startedAt: microsOf(after.startedAt ?? '') };
    const wanted = behind === null ? past : past.filter((fact) => compare(fact, behind) > 0);
    const counts = cursor === null && random() < 0.3;
    return {
      name: cursor === null ? 'a page of the past' : 'its next page',
      body: {
        query: `query ($first: Int!, $filter: CopyOperationFilter!, $after: String, $maxAge: Int, $counts: Boolean!) {
          list: copyOperations(first: $first, filter: $filter, after: $after, maxAge: $maxAge) {
            totalCount @include(if: $counts) ${select} ${reports}
          }
        }`,
        variables: { first: pick([10, 50, 200]), filter: window, after: cursor, ...aged(), counts },
      },
      judge: ({ data }) => {
        const page: Page = data.list;
        const strange = page.nodes.filter(({ id }) => !wanted.some((fact) => fact.id === id));
        const count = page.totalCount ?? null;
        next = page.pageInfo.hasNextPage
          ? { node: page.nodes.at(-1) ?? null, cursor: page.pageInfo.endCursor }
          : { node: null, cursor: null };
        return [
          ...judgePage(page, wanted, byId),
          ...strange.slice(0, 3).map(({ id }) => `${id} does not belong there`),
          ...(count === null || count === past.length ? [] : [`a count of ${count}, which is ${past.length}`]),
        ];
      },
    };
  };
  let next: { readonly node: Node | null; readonly cursor: string | null } = { node: null, cursor: null };

  const summary = (): Request => ({
    name: 'a sum of the past',
    body: {
      query: `query ($filter: CopyOperationFilter!) {
        sum: copySummary(filter: $filter, groupBy: [UPSTREAM]) { groups { upstream { name } count } ${reports} }
      }`,
      variables: { filter: window },
    },
    judge: ({ data }) =>
      (data.sum.upstreamReports as readonly Report[])
        .filter(({ complete }) => complete)
        .flatMap(({ upstream: { name } }) => {
          const groups: readonly { readonly upstream: { readonly name: string }; readonly count: number }[] =
            data.sum.groups;
          const told = groups.find(({ upstream }) => upstream.name === name)?.count ?? 0;
          const count = past.filter(({ upstream, isParent }) => upstream === name && !isParent).length;
          return told === count ? [] : [`a sum of ${told} for ${name}, which is ${count}`];
        }),
  });

  const lastDay = (): Request => ({
    name: 'the last day',
    body: {
      query: `query ($maxAge: Int) { list: copyOperations(first: 100, maxAge: $maxAge) { ${select} ${reports} } }`,
      variables: aged(),
    },
    judge: ({ data }) => judgePage(data.list, recent, byId),
  });

  const records = (): Request => {
    const facts = Array.from({ length: pick([1, 5]) }, () => pick(over));
    return {
      name: 'records by their ids',
      body: {
        query: `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on CopyOperation { startedAt state upstreamState } } }`,
        variables: { ids: facts.map(({ id }) => id) },
      },
      judge: ({ data, errors = [] }) =>
        facts.flatMap((fact, index) => {
          const node: Node | null = data.nodes[index];
          if (node === null) return errors.length > 0 ? [] : [`${fact.id} is not there, and nobody says why`];
          return node.id === fact.id ? judgeNode(node, fact) : [`${node.id} came in place of ${fact.id}`];
        }),
    };
  };

  const example = (): Request => {
    const [name, query] = pick(examples);
    const operationName = /^(?:query|mutation) (?:Plan|Watch)?\w+/m.exec(query)?.[0].split(' ')[1];
    return {
      name: `example ${name}`,
      body: { query, ...(operationName === undefined ? {} : { operationName }) },
      judge: ({ data }) =>
        typeof data === 'object' && Object.keys(data).length > 0 ? [] : ['an answer without a field'],
    };
  };

  return (): Request => {
    const dice = random();
    if (dice < 0.3) return pastPage(next.node, next.cursor);
    if (dice < 0.4) return summary();
    if (dice < 0.6) return lastDay();
    return dice < 0.8 ? records() : example();
  };
};
