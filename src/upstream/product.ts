import type { z } from 'zod';
import type { CallLoad, CallObserver } from '../domain/call-observer.js';
import type { CallRate } from '../domain/call-rate.js';
import type { CopyFilter } from '../domain/copy-filter.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { CopyRun } from '../domain/copy-run.js';
import type { CopyTarget } from '../domain/copy-target.js';
import type { FailoverRunConfiguration, PlannedRun } from '../domain/failover.js';
import type { ParsedId } from '../domain/global-id.js';
import type { CopyWorth } from '../domain/good-copy.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';
import type { Micros } from '../domain/micros.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import type { ProtectionRun } from '../domain/protection-run.js';
import type { ProxyFor } from '../domain/proxy.js';
import type { RemoteCluster } from '../domain/remote-cluster.js';
import type { ReplicaFilter, ReplicaRule } from '../domain/replica.js';
import type { RunKey } from '../domain/run-key.js';
import type { Cluster, Upstream, UpstreamHealth } from '../domain/upstream.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { CallOptions, Read } from '../calling/call.js';
import type { CacheContext } from '../cache/read-through.js';
import type { IndexMemory } from '../index/memory.js';
import type { ProductSection, SecretPlace, UpstreamSection } from '../config/key.js';
import type { Retryable } from './retryable.js';
import type { Source } from './source.js';
import type { ViewFailoverAbility } from './view-failover-ability.js';

/** A kind of copies that a product has. */
interface CopyType {
  readonly word: string; // what the filter's `types` takes, such as COPY_RUN
  readonly typename: string; // the object type of such copies in the graph
  readonly standard: boolean; // whether a list holds them when no types are asked for
  readonly ofMany?: boolean; // whether one of them may be of several objects
  readonly description: string;
}

/**
 * One product that upstreams may be of. All that the gateway knows of it is here; what only some products can do are
 * optional members of its upstreams, and callers ask for the ability.
 */
export interface Product<Section extends UpstreamSection = UpstreamSection> extends ProductSection<Section> {
  readonly kind: string; // in the graph, such as COHESITY
  readonly description: string;
  readonly copyTypes: readonly CopyType[];
  /** An upstream of a config to begin with, in YAML, with a comment behind what may be otherwise. */
  readonly starter?: string;
  /** Where its part of the config holds secrets, which may come from files. */
  readonly secretFiles: readonly SecretPlace[];
  /**
   * Which system a part of the config leads to, key by key; `null` where it does not tell. An upstream's id belongs to one
   * system, since caches and records go by it.
   */
  system(section: Section): Readonly<Record<string, string | null>>;
  /** Members, of the config or of the vendor's payloads, whose values are never logged. */
  readonly secretNames: readonly string[];
  /** A copy as one replica sends it to another; checked when it arrives. */
  readonly copyShape: z.ZodType;
  /** Throws a `BadInputError` for a member of a filter that only this product has a notion of. Nothing is called. */
  checkFilter?(clients: Clients, filter: CopyFilter): void;
  /** Opens nothing yet: the first call does. */
  connect(section: Section, tools: Tools<Section>): Connection;
}

/** How much the indexes of recent records may hold. */
export interface IndexOptions {
  readonly memory: IndexMemory; // of the process, shared by all
  readonly hours: number; // as far back as they are filled where nobody waits
}

/** What a product is given to speak to one upstream. */
export interface Tools<Section extends UpstreamSection = UpstreamSection> {
  readonly maxUpstreamBytes: number;
  readonly cache: CacheContext;
  readonly index: IndexOptions;
  readonly now: () => Micros;
  readonly observer: CallObserver | undefined;
  readonly onFailure: ((failure: UpstreamError) => void) | undefined;
  /** A rate that replicas share where they share a Redis. */
  callRate(perSecond: CallRate['perSecond']): CallRate;
  /** Its part of the config with the secrets as their files have them now; `null` where they can be read no more. */
  readAgain(): Section | null;
  /** The proxy that leads to a URL of this upstream. */
  readonly proxyFor: ProxyFor;
  /** Reads the certificates in a file that a key of the config names; throws an error that names the key. */
  readCertificates(key: string, file: string): Buffer;
}

/** An upstream that is spoken to, and what operators see of it. */
export interface Connection {
  readonly client: UpstreamClient;
  load(): CallLoad;
  sinceLastCallMs(): number | null;
  /** One cheap call; resolves with what it said, in a person's words. */
  reach(): Promise<string>;
  /** Reads nothing more of its own accord. */
  rest(): void;
  /** Ends its connections, with whatever still goes over them. */
  close(): Promise<void>;
}

/** Every configured upstream by its id in the config, in the config's order. They outlive requests. */
export type AllClients = ReadonlyMap<string, UpstreamClient>;

/** The upstreams that one caller may see, which are all there is to a request. */
export interface Clients extends AllClients {
  /** The ids of the others in the config, so that naming one is told from naming none. */
  readonly hidden: ReadonlySet<string>;
}

/** The reads of one request at one age: what it may see and spend. Each product's loaders hang on it. */
export interface Session {
  readonly clients: Clients;
  readonly call: CallOptions;
  /** The session whose loaders are to know as well what this one reads: fields below know of no age. */
  readonly base: Session | null;
}

/** Which copies are wanted. */
export interface Want {
  readonly filter: CopyFilter;
  readonly types: ReadonlySet<string>; // words of `CopyType`
  readonly parts: boolean; // whether something below needs the parts of each copy
  readonly expiry: boolean; // whether `expiresAt` of each must be known
}

/** One read that is made again and again for a stream. Equal keys of an upstream are one poller. */
export interface LiveRead {
  readonly key: string;
  readonly passing: boolean; // a caller chose it, so it ends with its last reader
  copies(session: Session): Source<CopyOperation>;
}

/** One configured upstream. */
export interface UpstreamClient {
  readonly upstream: Upstream;
  health(): UpstreamHealth;
  /** Its copies, newest first; `null` where none of them can pass the filter, and nothing need be asked. */
  copies(session: Session, want: Want): Source<CopyOperation> | null;
  /** The reads that bring every change of such copies; none where the filter lets none of them through. */
  live(want: Want): readonly LiveRead[];
  identify?(session: Session): Promise<Cluster | null>; // who it says it is
  /** Its own id, where other upstreams may hold replicas of its jobs. Throws an `UpstreamError`. */
  ownId?(session: Session): Promise<bigint>;
  readonly targets?: Targets;
  readonly objects?: Objects;
  readonly failover?: FailoverAbility;
  readonly cancel?: CancelAbility;
  readonly retry?: RetryAbility;
  readonly viewFailover?: ViewFailoverAbility;
  identityNow?(call: CallOptions): Promise<string>; // which system answers, never from what is kept
}

/** What `protectedObjects` may be asked about. */
export interface ProtectedObjectFilter {
  readonly upstreams?: readonly string[] | null | undefined;
  readonly name?: string | null | undefined;
  readonly environments?: readonly string[] | null | undefined;
  readonly resourceTypes?: readonly string[] | null | undefined;
  readonly offsiteLagOver?: number | null | undefined; // seconds
  readonly immutable?: boolean | null | undefined;
  readonly locked?: boolean | null | undefined;
  readonly offsite?: boolean | null | undefined;
  readonly sitesBelow?: number | null | undefined;
  readonly replicas?: ReplicaFilter | null | undefined;
}

/** What an upstream protects, whether it was ever copied or not. */
export type Inventory = Pick<Read<ProtectedObject>, 'records' | 'failure' | 'unreadable'>;

/** A copy with what it is worth, as far as that could be read. */
interface Weighed<Copy> {
  readonly copy: Copy;
  readonly worth: CopyWorth;
  readonly failure: UpstreamError | null; // why it could not be read
}

/** What copies are worth; `reasons`: why that of some could not be read; `stale`: why older reads stand in for some. */
interface AllWeighed<Copy> {
  readonly weighed: readonly Weighed<Copy>[];
  readonly reasons: ReadonlySet<IncompleteReason>;
  readonly stale: UpstreamError | null;
}

/** The ability to say what is protected. Copies that are handed in are of the upstream's own kind. */
export interface Objects<Copy extends CopyOperation = CopyOperation> {
  /** Whether any of its objects may pass. */
  concerns(filter: ProtectedObjectFilter): boolean;
  /** The object that a copy copies; `null` where the vendor does not say. */
  objectOf(copy: Copy): ProtectedObject | null;
  /** `null`: what it is worth must be read first, by `weigh`. */
  worthOf(copy: Copy, now: Micros): CopyWorth | null;
  /** Reads what these copies are worth, together. */
  weigh?(session: Session, copies: readonly Copy[], now: Micros): Promise<AllWeighed<Copy>>;
  /** All copies, those of each object by itself. */
  copies(session: Session): Source<Copy>;
  copiesOf(session: Session, object: ProtectedObject): Source<Copy>;
  /** The copies that other upstreams make of their replica of an object, which nobody else lists. */
  copiesElsewhere?(session: Session, object: ProtectedObject, rule: ReplicaRule): readonly Source<Copy>[];
  inventory(session: Session, rule: ReplicaRule): Promise<Inventory>;
  find(session: Session, key: string): Promise<ProtectedObject | null>;
}

/** Which of a job's runs a failover looks at. */
export interface RecentRuns {
  readonly jobId: bigint;
  readonly since: Micros;
  readonly most: number;
  readonly shellOnly: boolean;
}

/** The ability to say more of the targets of copies than one copy tells. */
export interface Targets {
  /** The newest name that was read of a target. */
  nameOf(target: CopyTarget): string | null;
  /** The same target if copies go there; those that started since a time are looked through where no less will do. */
  find(session: Session, target: CopyTarget, since: Micros, now: Micros): Promise<CopyTarget | null>;
}

/** The ability to fail over. `start`, `poll` and `cancel` ask the upstream itself, never a loader or the cache. */
export interface FailoverAbility {
  poll(key: string, call: CallOptions): Promise<PlannedRun | null>;
  /** Sends one POST, and never repeats it. */
  start(key: string, configuration: FailoverRunConfiguration, call: CallOptions): Promise<void>;
  cancel(key: string, call: CallOptions): Promise<void>;
  /** What it says of a failover: one call for all that a request asks about. */
  planned(session: Session, key: string): Promise<PlannedRun | null>;
  run(session: Session, run: RunKey): Promise<ProtectionRun | null>;
  jobs(session: Session): Promise<readonly ProtectionJob[]>;
  runs(session: Session, recent: RecentRuns): Promise<readonly ProtectionRun[]>;
  remoteCluster(session: Session, clusterId: bigint): Promise<RemoteCluster | null>;
  /** Drops what a session has read of a failover and of runs. */
  forget(session: Session, key: string): void;
}

/** The ability to stop single copies. */
export interface CancelAbility {
  find(session: Session, id: ParsedId): Promise<CopyRun | null>;
  cancel(copyRun: CopyRun, taskUid: NonNullable<CopyRun['taskUid']>, call: CallOptions): Promise<void>;
  forget(session: Session): void; // drops what a session has read of runs
}

/** The ability to make copies again. It reads with a session that knows nothing yet, and nothing that was kept. */
export interface RetryAbility {
  find(session: Session, id: ParsedId): Promise<Retryable | null>;
  /** Another one once a retry was taken on; `null` for a copy that no retry can have made. */
  markOf(copy: CopyOperation): string | null;
  forget(session: Session): void; // drops what a session has read of the copy
}
