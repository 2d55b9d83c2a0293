import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../outages/faults.js';
import { leaks, startOutage, vendors } from '../outages/vendors.js';

/** More of a head than anyone reads: on and on, a line at a time. */
const endlessHead: Behaviour = (_request, { response }) => {
  const { socket } = response;
  socket?.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n');
  const more = (): void => {
    if (socket?.destroyed === false) socket.write(`x-${'y'.repeat(1000)}: z\r\n`, () => setImmediate(more));
  };
  more();
  return null;
};

const zipped =
  (bytes: Buffer): Behaviour =>
  (_request, { response }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(bytes);
    return null;
  };

const attacks: readonly (readonly [string, Behaviour])[] = [
  ['calls garbage gzip', zipped(Buffer.from('this is no gzip at all'))],
  ['sends 50 MB of spaces as a small gzip', zipped(gzipSync(' '.repeat(50_000_000)))],
  ['sends a head without end', endlessHead],
];

describe.each(['cohesity', 'aws-backup'] as const)('an upstream of the kind %s', (vendor) => {
  it.each(attacks)('that %s costs its own records only', async (_what, does) => {
    const outage = await startOutage(vendor, does, { timeoutMs: 3000 });
    const { id, other, list } = vendors[vendor];
    const { data, errors } = await outage.gateway.execute(
      `{ copyOperations { nodes { upstream { name } } upstreamReports { upstream { name } ok error { code } } } ${list} { nodes { id } } }`,
    );
    expect(data.copyOperations.nodes).toEqual([{ upstream: { name: other } }]);
    expect(data.copyOperations.upstreamReports).toContainEqual({
      upstream: { name: id },
      ok: false,
      error: { code: 'UPSTREAM_BAD_RESPONSE' },
    });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_BAD_RESPONSE']);
    expect(leaks(JSON.stringify([data, errors, outage.gateway.logs]), outage)).toEqual([]);
    expect(await outage.gateway.execute('{ __typename }')).toMatchObject({ status: 200, errors: [] });
  });
});
