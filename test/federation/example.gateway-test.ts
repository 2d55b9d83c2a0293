import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { closing } from '../support/products.js';
import { startProgram } from './program.js';

const [, query = ''] = /```graphql\n(.*?)```/s.exec(readFileSync('examples/supergraph/README.md', 'utf8')) ?? [];

const startExample = (env: NodeJS.ProcessEnv = {}) => closing(startProgram(['examples/supergraph/start.js'], env));

const answers = (url: string): Promise<boolean> =>
  fetch(url, { method: 'POST' }).then(
    () => true,
    () => false,
  );

describe('the example', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'answers what it tells to try, and %s ends all of it',
    { timeout: 90_000 },
    async (signal) => {
      const program = startExample();
      await program.saying(/and try:\n\n[\s\S]*\n}\n/);
      expect(program.said()).toContain(query);
      const urls = [...program.said().matchAll(/^(?:copygraph|tickets|router) +(http:\S+)$/gm)].map(
        ([, url = '']) => url,
      );
      expect(urls).toHaveLength(3);

      const response = await fetch(urls[2] ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      const { data, errors } = JSON.parse(await response.text());
      expect(errors).toBeUndefined();
      expect(data.tickets).toMatchObject([
        { key: 'OPS-1', copy: { __typename: 'CopyRun', state: 'FAILED', owner: 'storage-team' } },
        { key: 'OPS-2', copy: { __typename: 'CopyJob', state: 'FAILED', owner: 'cloud-team' } },
      ]);
      expect(data.copyOperations.nodes).toHaveLength(5);
      for (const { owner } of data.copyOperations.nodes) expect(owner).toMatch(/^(storage|cloud)-team$/);

      program.kill(signal);
      expect(await program.ended).toBe(0);
      expect(await Promise.all(urls.map(answers))).toEqual([false, false, false]);
    },
  );

  it('ends as a whole, and with 1, where a part of it cannot start', { timeout: 90_000 }, async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    closing({ close: async () => void taken.close() });
    const { port } = taken.address() as AddressInfo; // a TCP server's address is never a string
    const program = startExample({ PORT: String(port) });
    expect(await program.ended).toBe(1);
    expect(program.said()).toContain('EADDRINUSE');
  });
});
