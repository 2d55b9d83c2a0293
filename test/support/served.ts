import { formatDateTime, micros } from '../../src/domain/micros.js';
import { startAwsBackup } from './aws-backup.js';
import { closing } from './closing.js';
import { startCohesity } from './cohesity.js';
import { type Manners, type PlayedJob, type PlayedRun, remember, toWireJob, toWireRun } from './estate.js';
import { type Double, type Fake, type Reply, type Seen, awsBackupAt, cohesityAt } from './fake.js';
import { type Gateway, type GatewayOptions, startGateway } from './gateway.js';
import type { Wire } from './wire.js';

/** The content of the upstreams, by their names, and how they answer. */
export interface ServedEstate {
  readonly clusters?: Readonly<Record<string, readonly PlayedRun[]>>;
  readonly endpoints?: Readonly<Record<string, readonly PlayedJob[]>>;
  readonly manners?: Manners;
  readonly oddRuns?: readonly Wire[]; // sent beside the runs of every cluster
  readonly limits?: GatewayOptions['limits'];
  readonly cache?: GatewayOptions['cache'];
  readonly index?: GatewayOptions['index'];
  readonly redis?: GatewayOptions['redis'];
  readonly watch?: GatewayOptions['watch'];
  readonly notify?: GatewayOptions['notify'];
}

export interface Served extends Gateway {
  /** The list calls to an upstream so far, each as its query; forgets them. */
  calls(upstream: string): readonly Readonly<Record<string, string>>[];
  /** Every request to an upstream so far, of a list or not, as `GET /path?query`; forgets them. */
  take(upstream: string): readonly string[];
  /** An upstream's answer instead, until it is removed. */
  readonly broken: Map<string, Reply>;
  /** Another gateway in front of the same upstreams, as after a restart. */
  restart(): Promise<Gateway>;
}

const isList = ({ path }: Seen): boolean => /protectionRuns$|^\/copy-jobs\/?$/.test(path);

/** A cluster's own id: none that the runs name, so that no run is another's replica. */
const clusterIdOf = (name: string): number => 1000 + [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);

/** The real gateway over upstreams that filter, cut and page as the products do, over real HTTP. */
export const serve = async (estate: ServedEstate): Promise<Served> => {
  const {
    clusters = {},
    endpoints = {},
    manners = {},
    oddRuns = [],
    limits = {},
    cache,
    index,
    redis,
    watch,
    notify,
  } = estate;
  const broken = new Map<string, Reply>();
  const fakes = new Map<string, Fake>();
  const add = (name: string, double: Double): void => {
    double.before = () => broken.get(name);
    fakes.set(name, closing(double));
  };
  for (const [name, runs] of Object.entries(clusters)) {
    const toWire = remember(toWireRun);
    const held = {
      runs: () => [...runs.map(toWire), ...oddRuns],
      jobs: () => [...new Set(runs.map(({ jobId }) => jobId))].map((id) => ({ id, name: `Job ${id}` })),
      cluster: { id: clusterIdOf(name), name },
      maxRuns: manners.maxRuns,
    };
    add(name, await startCohesity(held));
  }
  for (const [name, jobs] of Object.entries(endpoints)) {
    const toWire = remember(toWireJob);
    add(name, await startAwsBackup({ copyJobs: () => jobs.map(toWire), manners }));
  }
  const upstreams = [...fakes].map(([id, fake]) =>
    id in clusters ? { ...cohesityAt(fake), id } : { ...awsBackupAt(fake), id },
  );
  const start = async () =>
    closing(
      await startGateway({
        upstreams,
        limits,
        ...(cache === undefined ? {} : { cache }),
        ...(index === undefined ? {} : { index }),
        ...(redis === undefined ? {} : { redis }),
        ...(watch === undefined ? {} : { watch }),
        ...(notify === undefined ? {} : { notify }),
      }),
    );
  const [forgotten, taken] = [new Map<string, number>(), new Map<string, number>()];
  return {
    ...(await start()),
    broken,
    restart: start,
    calls: (upstream) => {
      const seen = fakes.get(upstream)?.seen ?? [];
      const fresh = seen.slice(forgotten.get(upstream) ?? 0);
      forgotten.set(upstream, seen.length);
      return fresh.filter(isList).map(({ query }) => Object.fromEntries(query));
    },
    take: (upstream) => {
      const requests = fakes.get(upstream)?.requests() ?? [];
      const fresh = requests.slice(taken.get(upstream) ?? 0);
      taken.set(upstream, requests.length);
      return fresh;
    },
  };
};

/** A time as an argument of a query has it. */
export const text = (at: number): string => formatDateTime(micros(at));
