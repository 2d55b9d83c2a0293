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
import type { FailoverWorkflowAbility } from './failover-workflow-ability.js';
import type { Source } from './source.js';
import type { ViewFailoverAbility } from './view-failover-ability.js';

/** A type of copies of a product. */
interface CopyType {
  readonly word: string; // its value in the filter's `types`, such as COPY_RUN
  readonly typename: string; // the object type of such copies in the graph
  readonly standard: boolean; // whether a list holds them if no types are asked for
  readonly ofMany?: boolean; // whether one of them may have several objects
  readonly description: string;
}

/**
 * One product, with everything that the gateway knows about it. Abilities that only some products have are optional
 * members of its upstreams; callers check for the ability.
 */
export interface Product<Section extends UpstreamSection = UpstreamSection> extends ProductSection<Section> {
  readonly kind: string; // in the graph, such as COHESITY
  readonly description: string;
  readonly copyTypes: readonly CopyType[];
  /** An upstream for a first config, in YAML, with comments on the other choices. */
  readonly starter?: string;
  /** The places of secrets in its part of the config; they may come from files. */
  readonly secretFiles: readonly SecretPlace[];
  /** The system that a part of the config leads to, key by key; `null` if not said. An upstream's id belongs to one. */
  system(section: Section): Readonly<Record<string, string | null>>;
  /** Members, of the config or of the vendor's payloads, whose values are never logged. */
  readonly secretNames: readonly string[];
  /** The form of a copy between replicas; checked on arrival. */
  readonly copyShape: z.ZodType;
  /** Throws a `BadInputError` for an invalid member of a filter that only this product has. Makes no call. */
  checkFilter?(clients: Clients, filter: CopyFilter): void;
  /** Opens no connection yet: the first call does. */
  connect(section: Section, tools: Tools<Section>): Connection;
}

/** The memory of the indexes of recent records. */
export interface IndexOptions {
  readonly memory: IndexMemory; // of the process, shared by all
  readonly hours: number; // how far back they are filled in the background
}

/** The gateway's parts that a product needs to call one upstream. */
export interface Tools<Section extends UpstreamSection = UpstreamSection> {
  readonly maxUpstreamBytes: number;
  readonly cache: CacheContext;
  readonly index: IndexOptions;
  readonly now: () => Micros;
  readonly observer: CallObserver | undefined;
  readonly onFailure: ((failure: UpstreamError) => void) | undefined;
  /** A call rate, which replicas with a common Redis share. */
  callRate(perSecond: CallRate['perSecond']): CallRate;
  /** Its part of the config with its secrets read again from their files; `null` if that fails. */
  readAgain(): Section | null;
  /** The proxy for a URL of this upstream. */
  readonly proxyFor: ProxyFor;
  /** Reads the certificates in a file named by a key of the config; throws an error that names the key. */
  readCertificates(key: string, file: string): Buffer;
}

/** A connected upstream, and its state for operators. */
export interface Connection {
  readonly client: UpstreamClient;
  load(): CallLoad;
  sinceLastCallMs(): number | null;
  /** Makes one cheap call; resolves with its result, in words for a person. */
  reach(): Promise<string>;
  /** Stops its background reads. */
  rest(): void;
  /** Closes its connections, and aborts the calls on them. */
  close(): Promise<void>;
}

/** Every configured upstream by its id in the config, in that order. They outlive requests. */
export type AllClients = ReadonlyMap<string, UpstreamClient>;

/** The upstreams that one caller may see; a request can reach no others. */
export interface Clients extends AllClients {
  /** The ids of the others in the config, so that a hidden name is distinguished from an unknown one. */
  readonly hidden: ReadonlySet<string>;
}

/** The reads of one request at one age, with its upstreams and budgets. Each product's loaders belong to a session. */
export interface Session {
  readonly clients: Clients;
  readonly call: CallOptions;
  /** The session whose loaders also receive the reads of this one, for fields below without an age. */
  readonly base: Session | null;
}

/** The copies that are wanted. */
export interface Want {
  readonly filter: CopyFilter;
  readonly types: ReadonlySet<string>; // `word`s of `CopyType`
  readonly parts: boolean; // whether a field below needs the parts of each copy
  readonly expiry: boolean; // whether each copy's `expiresAt` must be known
}

/** One read that is repeated for a stream. Equal keys of an upstream share a poller. */
export interface LiveRead {
  readonly key: string;
  readonly passing: boolean; // a caller chose it, so it ends with its last reader
  copies(session: Session): Source<CopyOperation>;
}

/** One configured upstream. */
export interface UpstreamClient {
  readonly upstream: Upstream;
  health(): UpstreamHealth;
  /** Its copies, newest first; `null` if none can pass the filter, so that no call is needed. */
  copies(session: Session, want: Want): Source<CopyOperation> | null;
  /** The reads that bring every change of such copies; empty if none can pass the filter. */
  live(want: Want): readonly LiveRead[];
  identify?(session: Session): Promise<Cluster | null>; // who it says it is
  /** Its own id, if other upstreams may hold replicas of its jobs. Throws an `UpstreamError`. */
  ownId?(session: Session): Promise<bigint>;
  readonly targets?: Targets;
  readonly objects?: Objects;
  readonly failover?: FailoverAbility;
  readonly cancel?: CancelAbility;
  readonly retry?: RetryAbility;
  readonly viewFailover?: ViewFailoverAbility;
  readonly failoverWorkflow?: FailoverWorkflowAbility;
  identityNow?(call: CallOptions): Promise<string>; // the identity of the system that answers now, never from the cache
}

/** The filter of `protectedObjects`. */
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

/** The objects that an upstream protects, whether copied or not. */
export type Inventory = Pick<Read<ProtectedObject>, 'records' | 'failure' | 'unreadable'>;

/** A copy and its value, if that could be read. */
interface Weighed<Copy> {
  readonly copy: Copy;
  readonly worth: CopyWorth;
  readonly failure: UpstreamError | null; // why it could not be read
}

/** The values of copies; `reasons`: why some could not be read; `stale`: why older reads are used for some. */
interface AllWeighed<Copy> {
  readonly weighed: readonly Weighed<Copy>[];
  readonly reasons: ReadonlySet<IncompleteReason>;
  readonly stale: UpstreamError | null;
}

/** The ability to list protected objects. Callers pass copies of the upstream's own kind. */
export interface Objects<Copy extends CopyOperation = CopyOperation> {
  /** Whether any of its objects may pass the filter. */
  concerns(filter: ProtectedObjectFilter): boolean;
  /** The object of a copy; `null` if the vendor does not report it. */
  objectOf(copy: Copy): ProtectedObject | null;
  /** `null`: further reads are needed first, by `weigh`. */
  worthOf(copy: Copy, now: Micros): CopyWorth | null;
  /** Reads the values of these copies, together. */
  weigh?(session: Session, copies: readonly Copy[], now: Micros): Promise<AllWeighed<Copy>>;
  /** All copies, one record for each object. */
  copies(session: Session): Source<Copy>;
  copiesOf(session: Session, object: ProtectedObject): Source<Copy>;
  /** The copies that other upstreams make of their replica of an object, and no other list has. */
  copiesElsewhere?(session: Session, object: ProtectedObject, rule: ReplicaRule): readonly Source<Copy>[];
  inventory(session: Session, rule: ReplicaRule): Promise<Inventory>;
  find(session: Session, key: string): Promise<ProtectedObject | null>;
}

/** The runs of a job that a failover checks. */
export interface RecentRuns {
  readonly jobId: bigint;
  readonly since: Micros;
  readonly most: number;
  readonly shellOnly: boolean;
}

/** The ability to find targets of copies, and their names. */
export interface Targets {
  /** The newest known name of a target. */
  nameOf(target: CopyTarget): string | null;
  /** The target itself if copies go there. If necessary, searches the copies that started since a time. */
  find(session: Session, target: CopyTarget, since: Micros, now: Micros): Promise<CopyTarget | null>;
}

/** The ability to fail over. `start`, `poll` and `cancel` call the upstream itself, never a loader or the cache. */
export interface FailoverAbility {
  poll(key: string, call: CallOptions): Promise<PlannedRun | null>;
  /** Sends one POST, and never repeats it. */
  start(key: string, configuration: FailoverRunConfiguration, call: CallOptions): Promise<void>;
  cancel(key: string, call: CallOptions): Promise<void>;
  /** The state of a failover: one call for all that a request asks about. */
  planned(session: Session, key: string): Promise<PlannedRun | null>;
  run(session: Session, run: RunKey): Promise<ProtectionRun | null>;
  jobs(session: Session): Promise<readonly ProtectionJob[]>;
  runs(session: Session, recent: RecentRuns): Promise<readonly ProtectionRun[]>;
  remoteCluster(session: Session, clusterId: bigint): Promise<RemoteCluster | null>;
  /** Drops a session's reads of a failover and of runs. */
  forget(session: Session, key: string): void;
}

/** The ability to stop single copies. */
export interface CancelAbility {
  find(session: Session, id: ParsedId): Promise<CopyRun | null>;
  cancel(copyRun: CopyRun, taskUid: NonNullable<CopyRun['taskUid']>, call: CallOptions): Promise<void>;
  forget(session: Session): void; // drops a session's reads of runs
}

/** The ability to retry copies. It reads with a new session, and without the cache. */
export interface RetryAbility {
  find(session: Session, id: ParsedId): Promise<Retryable | null>;
  /** A mark that changes once a retry was accepted; `null` for a copy that no retry can have made. */
  markOf(copy: CopyOperation): string | null;
  forget(session: Session): void; // drops a session's reads of the copy
}
