import type { CopyJob } from '../domain/copy-job.js';
import type { CopyRun } from '../domain/copy-run.js';
import type { CopySnapshotTask } from '../domain/copy-snapshot-task.js';
import { type CopyTarget, targetOfId } from '../domain/copy-target.js';
import type { Failover } from '../domain/failover.js';
import { type ParsedId } from '../domain/global-id.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import type { ProtectionShell } from '../domain/protection-run.js';
import type { ProtectionSource } from '../domain/protection-source.js';
import type { FailoverWorkflow } from '../domain/workflow-of.js';
import type { Upstream } from '../domain/upstream.js';
import type { ViewFailover } from '../domain/view-failover.js';
import type { ListContext } from '../aggregate/lists.js';
import { lookBackFrom } from '../aggregate/object-copies.js';
import { loadFailover } from '../failover/status.js';
import { loadViewFailover } from '../failover/view-failovers.js';
import { type WorkflowContext, type WorkflowReading, loadFailoverWorkflow } from '../failover/workflow.js';
import { awsBackupLoaders } from '../upstream/aws-backup/loaders.js';
import { loadCopyRun, loadTask, runKeyOf } from '../upstream/cohesity/find-copy-run.js';
import { cohesityLoaders } from '../upstream/cohesity/loaders.js';

/** A record of any type that has a global id. */
export type Addressable =
  | CopyJob
  | CopyRun
  | CopySnapshotTask
  | CopyTarget
  | ProtectionShell
  | ProtectionJob
  | ProtectionSource
  | ProtectedObject
  | Failover
  | ViewFailover
  | FailoverWorkflow
  | Upstream;

/** The parts of the context that find a record. */
type NodeContext = WorkflowReading & Pick<ListContext, 'limits'> & Pick<WorkflowContext, 'workflow'>;

/**
 * One record by its id, through the loaders. `null` if there is none. Costs at most one upstream call for most types. More:
 * a target that no read has shown yet, an AWS object without copy jobs, and a run without a start.
 */
export const loadNode = async (context: NodeContext, id: ParsedId): Promise<Addressable | null> => {
  const { session, now } = context;
  const { upstream } = id;
  const [key = ''] = id.parts;
  switch (id.type) {
    case 'CopyJob':
      return awsBackupLoaders(session).copyJob.load({ upstream, copyJobId: key });
    case 'CopyRun':
      return loadCopyRun(session, id);
    case 'CopySnapshotTask':
      return loadTask(session, id);
    case 'CopyTarget':
      return (
        (await session.clients.get(upstream)?.targets?.find(session, targetOfId(id), lookBackFrom(context), now)) ??
        null
      );
    case 'ProtectionShell':
      return (await cohesityLoaders(session).protectionRun.load({ run: runKeyOf(id), part: 'shell' }))?.shell ?? null;
    case 'ProtectionJob':
      return cohesityLoaders(session).protectionJob.load({ upstream, id: key });
    case 'ProtectionSource':
      // A source without an entity id cannot be read by id; it appears only in its copies.
      return key.startsWith('@') ? null : cohesityLoaders(session).protectionSource.load({ upstream, id: key });
    case 'ProtectedObject':
      return (await session.clients.get(upstream)?.objects?.find(session, key)) ?? null;
    case 'Failover':
      return loadFailover(context, upstream, key);
    case 'ViewFailover':
      return loadViewFailover(context, upstream, id.parts);
    case 'FailoverWorkflow':
      return context.workflow.enabled ? loadFailoverWorkflow(context, { upstream, failoverId: key }) : null;
    case 'Upstream':
      return session.clients.get(upstream)?.upstream ?? null;
  }
};
