import { describe, expect, it } from 'vitest';
import { startProducts } from '../support/products.js';
import { beyond } from '../support/wire.js';

const fields = `
  __typename id name kind region clusterId clusterName version
  health { status latencyMs lastSuccessAt lastError circuit }
`;

describe('Upstream', () => {
  it('tells what the config says, and what the cluster says of itself', async () => {
    const cluster = { id: beyond, name: 'fra-1', clusterSoftwareVersion: '7.2.1_u1', later: [] };
    const products = await startProducts({ cluster });
    const { data, errors } = await products.execute(
      `{ upstreams { ${fields} } upstream(name: "dc-east") { clusterName } }`,
    );
    expect(errors).toEqual([]);
    const [cohesity, aws] = data.upstreams;
    expect(cohesity).toMatchObject({
      __typename: 'Upstream',
      id: 'Upstream:dc-east',
      name: 'dc-east',
      kind: 'COHESITY',
      region: null,
      clusterId: '9007199254740993',
      clusterName: 'fra-1',
      version: '7.2.1_u1',
    });
    expect(aws).toEqual({
      __typename: 'Upstream',
      id: 'Upstream:aws-prod',
      name: 'aws-prod',
      kind: 'AWS_BACKUP',
      region: 'us-east-1',
      clusterId: null,
      clusterName: null,
      version: null,
      health: { status: 'UNKNOWN', latencyMs: null, lastSuccessAt: null, lastError: null, circuit: 'CLOSED' },
    });
    expect(data.upstream).toEqual({ clusterName: 'fra-1' });
  });

  it('shows how the last call went', async () => {
    const products = await startProducts({});
    await products.execute('{ protectionJobs { nodes { id } } }');
    const { data } = await products.execute(
      '{ upstream(name: "dc-east") { health { status latencyMs lastSuccessAt lastError circuit } } }',
    );
    expect(data.upstream.health).toEqual({
      status: 'UP',
      latencyMs: expect.any(Number),
      lastSuccessAt: expect.stringMatching(/Z$/),
      lastError: null,
      circuit: 'CLOSED',
    });
  });

  it('is null by a name that the config does not have', async () => {
    const products = await startProducts({});
    const { data, errors } = await products.execute('{ upstream(name: "nowhere") { id } }');
    expect([data, errors]).toEqual([{ upstream: null }, []]);
  });
});
