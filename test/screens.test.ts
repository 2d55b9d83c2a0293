import { readFileSync, writeFileSync } from 'node:fs';
import { Kind, type OperationDefinitionNode, parse, print } from 'graphql';
import { pino } from 'pino';
import { format } from 'prettier';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { embedSandbox } from '../src/assembly/embedded.js';
import { type RunningServer, startServer } from '../src/assembly/server.js';
import { isMapping } from '../src/domain/mapping.js';
import { micros } from '../src/domain/micros.js';
import { readExamples } from '../src/edge/examples.js';
import { patient } from './support/patient.js';

/** The content of the sandbox depends on the clock alone, so at one time it answers the same. */
const NOW = Date.parse('2026-11-27T08:00:00Z');
const file = new URL('../docs/screens.md', import.meta.url);

let server: RunningServer;
let close: () => Promise<void>;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  const sandbox = await embedSandbox();
  const config = patient(sandbox.config);
  server = await startServer({ ...config, server: { ...config.server, port: 0 } }, pino({ enabled: false }));
  close = async () => {
    await server.drain();
    await sandbox.close();
  };
});
afterAll(async () => {
  await close();
  vi.useRealTimers();
});

const send = async (query: string) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await response.json();
  expect(errors).toBeUndefined();
  return data;
};

/** The operations of the example that has one of this name, as GraphiQL would send them. */
const operationsBeside = (name: string): readonly OperationDefinitionNode[] => {
  const text = readExamples(micros(NOW * 1000)).find((one) => new RegExp(`\\b${name}\\b`).test(one)) ?? '';
  return parse(text).definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
};

const screens = operationsBeside('CopyingNow');
const SHOWN = 3;

/** The values that the machine decides, and not the sandbox. */
const masks: Readonly<Record<string, unknown>> = { latencyMs: 3, lastError: null };

/** The first of each list. */
const shown = (value: unknown): unknown => {
  if (Array.isArray(value)) return [...value.slice(0, SHOWN).map(shown), ...(value.length > SHOWN ? ['…'] : [])];
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, key in masks ? masks[key] : shown(member)]),
  );
};

const blockOf = (name: string): RegExp => new RegExp(`(<!-- ${name} -->\n)(?:\n\`\`\`json\n.*?\n\`\`\`\n)?`, 's');

describe('docs/screens.md', () => {
  it('has the answer of each screen, as the sandbox gives it', async () => {
    const press = operationsBeside('StartFailover').find(({ name }) => name?.value === 'StartFailover');
    if (press !== undefined) await send(print(press));
    const given = readFileSync(file, 'utf8');
    let text = given;
    for (const screen of screens) {
      const name = screen.name?.value ?? '';
      expect(text).toMatch(blockOf(name));
      const answer = JSON.stringify(shown(await send(print(screen))), null, 2);
      text = text.replace(blockOf(name), (_block, mark: string) => `${mark}\n\`\`\`json\n${answer}\n\`\`\`\n`);
    }
    const written = await format(text, { parser: 'markdown', printWidth: 120, singleQuote: true });
    if (process.env['COPYGRAPH_WRITE_SCREENS'] === '1') writeFileSync(file, written);
    else expect(given).toBe(written);
  });

  it('names each screen in its table', () => {
    const text = readFileSync(file, 'utf8');
    for (const { name } of screens) expect(text).toContain(`\`${name?.value}\``);
  });
});
