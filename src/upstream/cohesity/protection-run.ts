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
  readonly clean?: Clean; // for the answer's messages
}

/**
 * When the run started. If it has no start, its first copy's start is used; field scripts treat the two as equal
 * (cohesity.openapi.yaml, `CopyRun.runStartTimeUsecs`).
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
 * The key of a run within its job: its start, or its number if there is no start. The number is the same in a read of
 * shells, which has no copies. Only a run without a number uses its first copy's start.
 */
const keyOf = (wire: Wire): string | null => {
  const jobRunId = (wire.protectionShellInfo ?? wire.backupRun)?.jobRunId ?? null;
  return toldStartOf(wire)?.toString() ?? (jobRunId === null ? (startOf(wire)?.toString() ?? null) : `@${jobRunId}`);
};

type ShellContext = Pick<CopyRunContext, 'run' | 'jobId' | 'jobUid' | 'observedAt' | 'clean'> & {
  readonly startedAt: Micros | null;
};

/** The shell as Cohesity sends it, or the same six facts from the backup if the whole run was sent. */
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

/** Whether the cluster's own snapshots of a run are gone; without their metadata, they are. `null`: not reported. */
const snapshotsDeletedOf = ({ backupRun }: Wire): boolean | null =>
  backupRun?.metadataDeleted === true ? true : (backupRun?.snapshotsDeleted ?? null);

/** `null` for a run without a key: without its job, or without any start and number. */
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
