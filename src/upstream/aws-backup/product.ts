import type { z } from 'zod';
import { encodeId } from '../../domain/global-id.js';
import type { Upstream } from '../../domain/upstream.js';
import { createPolicy } from '../../calling/policy.js';
import type { Product, Tools } from '../product.js';
import { cacheAwsBackup } from './cache.js';
import { createAwsBackupClient } from './client.js';
import { checkAccountIds } from './copies.js';
import { kind } from './endpoint.js';
import { createEndpointClient } from './endpoint-client.js';
import { createBackupClient, createHandlers } from './sdk.js';
import { awsBackupSection } from './section.js';
import { upstreamsOf } from './places.js';
import { createSessions } from './sessions.js';
import { copyJobShape } from './shapes.js';

type Section = z.output<typeof awsBackupSection>[number];

const nodeOf = ({ id, sandbox, region }: Section): Upstream => ({
  __typename: 'Upstream',
  id: encodeId('Upstream', id),
  name: id,
  kind,
  sandbox,
  region,
});

const networkOf = ({ tls }: Section, { maxUpstreamBytes, proxyFor, readCertificates }: Tools<Section>) => {
  const bundle = process.env['AWS_CA_BUNDLE'] ?? ''; // like the vendor's own tools
  const [key, file] = tls?.caFile === undefined ? ['AWS_CA_BUNDLE', bundle] : ['tls.caFile', tls.caFile];
  return {
    proxyFor,
    maxBytes: maxUpstreamBytes,
    ca: file === '' ? undefined : readCertificates(key, file),
    serverName: tls?.serverName,
  };
};

/** AWS Backup in one Region, as one account sees it. */
export const awsBackup: Product<Section> = {
  kind,
  configKind: 'aws-backup',
  description: 'AWS Backup in one Region, as one account sees it.',
  section: awsBackupSection,
  starter: `id: aws-prod
kind: aws-backup
region: us-east-1 # or regions: [us-east-1, eu-west-1]
# credentials: { profile: backup } # without it the default chain of AWS
# accounts: [{ id: shop, roleArn: 'arn:aws:iam::123456789012:role/copygraph' }]`,
  upstreamsOf,
  copyTypes: [
    { word: 'COPY_JOB', typename: 'CopyJob', standard: true, description: 'AWS Backup copies, as `CopyJob`.' },
  ],
  secretFiles: [['credentials', 'secretAccessKey']],
  system: ({ region, endpoint = null, credentials }) => ({
    region,
    endpoint,
    account: credentials !== undefined && 'roleArn' in credentials ? (credentials.roleArn.split(':')[4] ?? null) : null,
  }),
  secretNames: [
    'x-amz-security-token',
    'accessKeyId',
    'AccessKeyId',
    'secretAccessKey',
    'SecretAccessKey',
    'sessionToken',
    'SessionToken',
    'externalId',
  ],
  copyShape: copyJobShape,
  checkFilter: checkAccountIds,
  connect: (section, tools) => {
    const { cache, index, now, observer, onFailure, callRate } = tools;
    const { id, region, timeoutMs, maxConcurrent, callsPerSecond } = section;
    const rate = callRate(callsPerSecond);
    const policy = createPolicy({ upstream: id, timeoutMs, maxConcurrent, now, rate, observer, onFailure });
    const handlers = createHandlers({ ...networkOf(section, tools), timeoutMs, maxConcurrent });
    const sessions = createSessions(createBackupClient(section, handlers), () => {
      const { credentials } = tools.readAgain() ?? section;
      return createBackupClient({ ...section, credentials }, handlers);
    });
    const direct = createAwsBackupClient({ upstream: id, sessions, policy, now });
    return {
      client: createEndpointClient({
        ...cacheAwsBackup(direct, cache, index.memory),
        upstream: nodeOf(section),
        health: policy.health,
      }),
      load: policy.load,
      sinceLastCallMs: policy.sinceLastCallMs,
      reach: async () => {
        const { records } = await direct.listCopyJobs({ maxResults: 1 }, {});
        return `${region}, ${records.length === 0 ? 'no copy jobs yet' : 'copy jobs can be listed'}`;
      },
      rest: () => undefined,
      close: async () => Object.values(handlers).forEach((handler) => handler.destroy()),
    };
  },
};
