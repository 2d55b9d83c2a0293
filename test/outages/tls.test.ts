import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.js';
import { closing } from '../support/products.js';

// A certificate for 127.0.0.1 that nobody else trusts, and its key, which opens nothing:
// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj "/CN=copygraph test" \
//   -addext subjectAltName=IP:127.0.0.1 -keyout loopback.key -out loopback.pem
const at = (name: string): string => fileURLToPath(new URL(`tls/${name}`, import.meta.url));

const startCluster = async () => {
  let connections = 0;
  const requests: string[] = [];
  const server = createServer(
    { key: readFileSync(at('loopback.key')), cert: readFileSync(at('loopback.pem')) },
    (request, response) => {
      requests.push(request.url ?? '');
      response.end('[]');
    },
  );
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  closing({
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
  const upstream = {
    id: 'dc-east',
    kind: 'cohesity',
    url: `https://127.0.0.1:${port}`,
    auth: { apiKey: 'tls-key-1' },
  } as const;
  return { upstream, requests, connections: () => connections };
};

const query = '{ copyRuns { totalCount upstreamReports { ok error { code } } } }';

it('a cluster whose certificate nobody vouches for is told nothing, and not asked again', async () => {
  const { upstream, requests, connections } = await startCluster();
  const gateway = closing(await startGateway({ upstreams: [upstream] }));
  const { data } = await gateway.execute(query);
  expect(data.copyRuns.upstreamReports).toEqual([{ ok: false, error: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  expect(requests).toEqual([]);
  expect(connections()).toBe(1);
  expect(gateway.logs.join('')).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
});

it('tls.caFile vouches for a cluster’s certificate', async () => {
  const { upstream, requests } = await startCluster();
  const gateway = closing(await startGateway({ upstreams: [{ ...upstream, tls: { caFile: at('loopback.pem') } }] }));
  const { data } = await gateway.execute(query);
  expect(data.copyRuns).toEqual({ totalCount: 0, upstreamReports: [{ ok: true, error: null }] });
  expect(requests.length).toBe(1);
});
