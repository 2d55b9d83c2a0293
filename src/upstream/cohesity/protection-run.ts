import { z } from 'zod';
import type { RunKey } from '../../domain/run-key.js';
import { failureCategoryOf } from '../../domain/failure-rules.js';
import { encodeId } from '../../domain/global-id.js';
import { type Clean, cleanMessage } from '../../domain/message.js';
import { type Micros, micros } from '../../domain/micros.js';
import type { ProtectionRun, ProtectionShell } from '../../domain/protection-run.js';
import { wireBoolean, wireEach, wireInteger, wireMicros, wireObject, wireText } from '../wire.js';
import { type CopyRunContext, WireCopyRun, WireUniversalId, toCopyRun, toUniversalId } from './copy-run.js';
import { runTypes, states, wordIn } from './words.js';

/** Source: Cohesity v1 `ProtectionRunInstance`, as `GET /public/protectionRuns` lists it. */
export const WireProtectionRun = z.object({
  jobId: wireInteger,
  jobName: wireText,
  jobUid: WireUniversalId,
  backupRun: wireObject({
    jobRunId: wireInteger,
    runType: wireText,
    status: wireText,
    error: wireText,
    snapshotsDeleted: wireBoolean,
    metadataDeleted: wireBoolean,
    stats: wireObject({ startTimeUsecs: wireMicros, endTimeUsecs: wireMicros }),
  }),
  protectionShellInfo: wireObject({
    jobRunId: wireInteger,
    runType: wireText,
    status: wireText,
    error: wireText,
    startTimeUsecs: wireMicros,
    endTimeUsecs: wireMicros,
  }),
  copyRun: wireEach(WireCopyRun),
});

type Wire = z.infer<typeof WireProtectionRun>;

interface ReadContext {
  readonly upstream: string;
  readonly observedAt: Micros;
  readonly tasksLeftOut: boolean;
  readonly clean?: Clean; // of the answer's messages
}

/**
 * When the run started. A run that does not say is taken to have started when its first copy did; field scripts use the
 * two interchangeably (cohesity.openapi.yaml, `CopyRun.runStartTimeUsecs`).
 */
const startOf = (wire: Wire): Micros | null => {
  const told = toldStartOf(wire);
  if (told !== null) return told;
  const copies = wire.copyRun.items.map((copy) => copy.runStartTimeUsecs).filter((at) => at !== null);
  return copies.length === 0 ? null : micros(Math.min(...copies));
};

const toldStartOf = ({ protectionShellInfo, backupRun }: Wire): Micros | null =>
  protectionShellInfo?.startTimeUsecs ?? backupRun?.stats?.startTimeUsecs ?? null;

/**
 * The half of a run's key that tells it from the others of its job: its start, or its number where no start is told. It is
 * the same in a read of shells, which has no copies to go by; only a run without its number goes by its first copy.
 */
const keyOf = (wire: Wire): string | null => {
  const jobRunId = (wire.protectionShellInfo ?? wire.backupRun)?.jobRunId ?? null;
  return toldStartOf(wire)?.toString() ?? (jobRunId === null ? (startOf(wire)?.toString() ?? null) : `@${jobRunId}`);
};

type ShellContext = Pick<CopyRunContext, 'run' | 'jobId' | 'jobUid' | 'observedAt' | 'clean'> & {
  readonly startedAt: Micros | null;
};

/** A shell as Cohesity tells it, or the same six facts read off the backup where it sent the run whole. */
const toShell = (wire: Wire, { run, jobId, jobUid, startedAt, observedAt, clean }: ShellContext): ProtectionShell => {
  const told = wire.protectionShellInfo ?? wire.backupRun;
  const state = wordIn(states, told?.status ?? null) ?? 'UNKNOWN';
  const error = clean(told?.error);
  return {
    __typename: 'ProtectionShell',
    id: encodeId('ProtectionShell', run.upstream, run.jobId, run.startTimeUsecs),
    upstream: run.upstream,
    state,
    upstreamState: told?.status ?? null,
    error,
    failureCategory: failureCategoryOf(state, error),
    startedAt,
    endedAt: wire.protectionShellInfo?.endTimeUsecs ?? wire.backupRun?.stats?.endTimeUsecs ?? null,
    observedAt,
    run,
    jobId,
    jobUid,
    jobRunId: told?.jobRunId ?? null,
    runType: wordIn(runTypes, told?.runType ?? null),
  };
};

/** Whether the cluster's own snapshots of a run are gone; with their metadata gone, so are they. `null`: it does not say. */
const snapshotsDeletedOf = ({ backupRun }: Wire): boolean | null =>
  backupRun?.metadataDeleted === true ? true : (backupRun?.snapshotsDeleted ?? null);

/** `null` for a run that nothing could address: without its job, or without any start and number. */
export const toProtectionRun = (
  wire: Wire,
  { upstream, observedAt, tasksLeftOut, clean = cleanMessage }: ReadContext,
): ProtectionRun | null => {
  const { jobId } = wire;
  const startedAt = startOf(wire);
  const startTimeUsecs = keyOf(wire);
  if (jobId === null || startTimeUsecs === null) return null;
  const run: RunKey = { upstream, jobId: jobId.toString(), startTimeUsecs };
  const jobUid = toUniversalId(wire.jobUid);
  const shell = toShell(wire, { run, jobId, jobUid, startedAt, observedAt, clean });
  const context = {
    run,
    jobId,
    jobUid,
    jobName: wire.jobName,
    runStartedAt: startedAt,
    snapshotsDeleted: snapshotsDeletedOf(wire),
    observedAt,
    tasksLeftOut,
    clean,
  };
  return {
    run,
    startedAt,
    endedAt: shell.endedAt,
    shell,
    unreadable: wire.copyRun.unreadable,
    copyRuns: wire.copyRun.items.map((copy, position) => toCopyRun(copy, context, position)),
  };
};
