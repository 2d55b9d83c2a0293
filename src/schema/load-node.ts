import type { CopyJob } from '../domain/copy-job.js';
import type { CopyRun } from '../domain/copy-run.js';
import type { CopySnapshotTask } from '../domain/copy-snapshot-task.js';
import type { Failover } from '../domain/failover.js';
import { type ParsedId } from '../domain/global-id.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import type { ProtectionShell } from '../domain/protection-run.js';
import type { ProtectionSource } from '../domain/protection-source.js';
import type { Upstream } from '../domain/upstream.js';
import { type Clients } from '../aggregate/clients.js';
import { type FailoverContext, loadFailover } from '../failover/status.js';
import { loadProtectedObject } from '../aggregate/protected-object.js';
import { loadCopyRun, runKeyOf } from '../aggregate/node.js';

/** Everything that has a global id. */
export type Addressable =
  | CopyJob
  | CopyRun
  | CopySnapshotTask
  | ProtectionShell
  | ProtectionJob
  | ProtectionSource
  | ProtectedObject
  | Failover
  | Upstream;

interface NodeContext extends FailoverContext {
  readonly clients: Clients;
}

/** One record by its id, through the loaders; `null` where there is none. Costs at most one upstream call. */
export const loadNode = async (context: NodeContext, id: ParsedId): Promise<Addressable | null> => {
  const { clients, loaders } = context;
  const [key = ''] = id.parts;
  switch (id.type) {
    case 'CopyJob':
      return loaders.copyJob.load({ upstream: id.upstream, copyJobId: key });
    case 'CopyRun':
      return loadCopyRun(loaders, id);
    case 'CopySnapshotTask': {
      const copyRun = await loadCopyRun(loaders, { ...id, parts: id.parts.slice(0, -1) });
      const source = id.parts.at(-1) ?? '';
      const position = /^@(\d+)$/.exec(source)?.[1];
      const tasks = copyRun?.tasks ?? [];
      const task =
        position === undefined
          ? tasks.find((one) => one.source?.sourceId?.toString() === source)
          : tasks[Number(position)];
      return task ?? null;
    }
    case 'ProtectionShell':
      return (await loaders.protectionRun.load({ run: runKeyOf(id), whole: false }))?.shell ?? null;
    case 'ProtectionJob':
      return loaders.protectionJob.load({ upstream: id.upstream, id: key });
    case 'ProtectionSource':
      // A source without an entity id cannot be asked for; it is seen only where it was copied.
      return key.startsWith('@') ? null : loaders.protectionSource.load({ upstream: id.upstream, id: key });
    case 'ProtectedObject':
      return loadProtectedObject({ clients, loaders }, id.upstream, key);
    case 'Failover':
      return loadFailover(context, id.upstream, key);
    case 'Upstream':
      return clients.get(id.upstream)?.upstream ?? null;
  }
};
