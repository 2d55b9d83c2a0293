import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.js';
import './scalars.js';
import './node.js';
import './activity.js';
import './copy-operation.js';
import './copy-summary.js';
import './cohesity/copy-summary-group.js';
import './cohesity/copy-run.js';
import './cohesity/copy-snapshot-task.js';
import './cohesity/protection-shell.js';
import './aws-backup/copy-job.js';
import './cohesity/protection-job.js';
import './cohesity/protection-source.js';
import './protected-object.js';
import './copy-lag-trend.js';
import './cohesity/protection-job-copies.js';
import './cohesity/replication-clusters.js';
import './upstream.js';
import './failover.js';
import './failover-mutation.js';
import './cancel.js';
import './retry-copy.js';
import './view-failover.js';
import './failover-workflow-mutation.js';
import './view-failover-mutation.js';
import './subscription.js';
import { resolveEntities } from './entities.js';
import { linked, toSubgraph } from './subgraph.js';

const described = builder.toSchema(linked);
described.description =
  'Every backup copy of Cohesity clusters and AWS Backup, in one graph. Begin with `copyOperations`, the list over all vendors. Each list reports in `upstreamReports` which upstreams answered, and whether records are missing.';

/** The executable schema: a complete Federation 2 subgraph, the same for every server of a process. */
export const schema: GraphQLSchema = resolveEntities(toSubgraph(described));
