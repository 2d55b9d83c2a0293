import type { CopyTarget } from '../../domain/copy-target.js';
import type { Micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Session, Targets } from '../product.js';
import { clusterNamed } from './cluster.js';
import type { KnownTargets } from './known-targets.js';
import { cohesityLoaders } from './loaders.js';
import { protectionRunSource, runViews } from './run-source.js';

/** Searches the copies since a time until one goes to the target. */
const search = async (session: Session, { id, upstream }: CopyTarget, since: Micros, now: Micros) => {
  const cluster = clusterNamed(session.clients, upstream);
  const copies = protectionRunSource(session, cluster, { detail: 'copies', jobIds: null, view: runViews.copies });
  let isWhole = true;
  const reading = { window: { from: since, to: null }, backward: false, whole: false, now };
  for await (const { reasons = [], unreadable } of copies.read(reading)) {
    const found = cluster.knownTargets.find(id);
    if (found !== null) return found;
    isWhole &&= reasons.length === 0 && unreadable === 0;
  }
  // Copies that are unreadable, or not read yet, may go there.
  if (!isWhole) throw new UpstreamError(upstream, 'malformed', 'copies that were not read completely');
  return null;
};

/** The targets of a cluster's copies, including the cluster itself. */
export const createTargets = (known: KnownTargets): Targets => ({
  nameOf: ({ id, name }) => known.find(id)?.name ?? name,
  find: async (session, target, since, now) => {
    if (target.kind === 'LOCAL') return target;
    if (target.kind === 'VAULT') return null;
    const found = known.find(target.id);
    if (found !== null) return found;
    if (target.kind === 'REMOTE' && target.clusterId !== null) {
      const key = { upstream: target.upstream, id: target.clusterId.toString() };
      const remote = await cohesityLoaders(session).remoteCluster.load(key);
      const named = remote === null ? null : { ...target, name: remote.name };
      if (named !== null) known.take(named, now);
      if (named !== null) return named;
    }
    return search(session, target, since, now);
  },
});
