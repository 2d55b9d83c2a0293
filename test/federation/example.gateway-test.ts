import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Program, startProgram } from './program.js';

const [, query = ''] = /```graphql\n(.*?)```/s.exec(readFileSync('examples/supergraph/README.md', 'utf8')) ?? [];

const programs: Program[] = [];
afterEach(async () => {
  for (const program of programs.splice(0)) {
    program.kill('SIGTERM'); // if it has not ended; it ends the others
    await program.ended;
  }
});

const startExample = (env: NodeJS.ProcessEnv = {}): Program => {
  const program = startProgram(['examples/supergraph/start.js'], env);
  programs.push(program);
  return program;
};

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
    const { port } = taken.address() as AddressInfo; // a TCP server's address is never a string
    const program = startExample({ PORT: String(port) });
    expect(await program.ended).toBe(1);
    expect(program.said()).toContain('EADDRINUSE');
    taken.close();
  });
});
