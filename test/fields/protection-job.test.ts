import { describe, expect, it } from 'vitest';
import { readNode, startProducts } from '../support/products.js';
import { beyond, cluster, start, wireSource } from '../support/wire.js';

const fields = `
  id jobId uid { clusterId clusterIncarnationId localId } name description environment policyId viewBoxId parentSourceId
  sourceIds sources { id name } tenantId isActive isDeleted isPaused createdAt modifiedAt policyAppliedAt upstream { name }
`;

describe('ProtectionJob', () => {
  it('shows what Cohesity tells of a job', async () => {
    const job = {
      id: beyond,
      uid: { ...cluster, id: beyond },
      name: 'VM Gold',
      description: 'nightly',
      environment: 'kVMware',
      policyId: 'policy-1',
      viewBoxId: 5,
      parentSourceId: 2,
      sourceIds: [1049, 404, null],
      tenantId: 'tenant-1',
      isActive: false,
      isDeleted: true,
      isPaused: true,
      creationTimeUsecs: start,
      modificationTimeUsecs: start + 1,
      policyAppliedTimeMsecs: 1_714_528_800_123,
      later: {},
    };
    const products = await startProducts({ jobs: [job], sources: [wireSource(1049)] });
    const { node, errors } = await readNode(products, `ProtectionJob:dc-east:${beyond}`, fields);
    expect(errors).toEqual([]);
    expect(node).toEqual({
      id: `ProtectionJob:dc-east:${beyond}`,
      jobId: '9007199254740993',
      uid: { clusterId: '8621173906188849', clusterIncarnationId: '1538852526333', localId: '9007199254740993' },
      name: 'VM Gold',
      description: 'nightly',
      environment: 'kVMware',
      policyId: 'policy-1',
      viewBoxId: '5',
      parentSourceId: '2',
      sourceIds: ['1049', '404'],
      sources: [{ id: 'ProtectionSource:dc-east:1049', name: 'vm-1049' }],
      tenantId: 'tenant-1',
      isActive: false,
      isDeleted: true,
      isPaused: true,
      createdAt: '2024-05-01T02:00:00.123456Z',
      modifiedAt: '2024-05-01T02:00:00.123457Z',
      policyAppliedAt: '2024-05-01T02:00:00.123Z',
      upstream: { name: 'dc-east' },
    });
  });

  it('reads absent flags as active, not deleted and not paused', async () => {
    const products = await startProducts({ jobs: [{ id: 7 }] });
    const { node, errors } = await readNode(products, 'ProtectionJob:dc-east:7', fields);
    expect(errors).toEqual([]);
    expect(node).toEqual({
      id: 'ProtectionJob:dc-east:7',
      jobId: '7',
      uid: null,
      name: '7',
      description: null,
      environment: null,
      policyId: null,
      viewBoxId: null,
      parentSourceId: null,
      sourceIds: [],
      sources: [],
      tenantId: null,
      isActive: true,
      isDeleted: false,
      isPaused: false,
      createdAt: null,
      modifiedAt: null,
      policyAppliedAt: null,
      upstream: { name: 'dc-east' },
    });
  });

  it('is listed too where it says nothing of its environment', async () => {
    const products = await startProducts({ jobs: [{ id: 7 }, { id: 8, environment: 'kVMware' }] });
    const list = (filter: string) => products.execute(`{ protectionJobs${filter} { totalCount nodes { jobId } } }`);
    expect((await list('')).data.protectionJobs).toEqual({ totalCount: 2, nodes: [{ jobId: '7' }, { jobId: '8' }] });
    expect((await list('(filter: { environments: ["kVMware"] })')).data.protectionJobs.nodes).toEqual([{ jobId: '8' }]);
  });

  it('has a source by its own id, with its details', async () => {
    const products = await startProducts({
      sources: [wireSource(beyond, { vmWareProtectionSource: { moref: beyond } })],
    });
    const { node } = await readNode(
      products,
      `ProtectionSource:dc-east:${beyond}`,
      'id sourceId name environment parentId details',
    );
    expect(node).toEqual({
      id: `ProtectionSource:dc-east:${beyond}`,
      sourceId: '9007199254740993',
      name: 'vm-9007199254740993',
      environment: 'kVMware',
      parentId: '2',
      details: { moref: '9007199254740993' },
    });
  });
});
