import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { isEnumType, isUnionType, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { defaultConfig, parseConfig } from '../src/assembly/config.js';
import { configShapeOf } from '../src/config/shape.js';
import { products } from '../src/upstream/products.js';
import { copyChangeKinds } from '../src/domain/copy-change.js';
import { failoverCheckNames, viewCheckNames, workflowCheckNames } from '../src/domain/failover-result.js';
import { failoverStates } from '../src/domain/failover.js';
import { clock } from '../src/calling/clock.js';
import { createMetrics } from '../src/edge/metrics.js';
import { sandboxFaults } from '../src/sandbox/faults.js';
import { schema } from '../src/schema/index.js';
import { copyJob, startLive } from './support/live.js';
import { closing } from './support/products.js';
import { until } from './support/until.js';

const folder = new URL('../docs/', import.meta.url);
const pages = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

const queriesIn = (text: string): readonly string[] =>
  [...text.matchAll(/"query": (".*")/g)].map(([, json = '']) => String(JSON.parse(json)));

describe.each(pages)('docs/$name', ({ text }) => {
  it('asks only what the schema knows', () => {
    for (const query of queriesIn(text)) expect(validate(schema, parse(query))).toEqual([]);
  });

  it('starts the sandbox only with faults that there are', () => {
    const names = [...text.matchAll(/npm start -- --fault ([a-z0-9-]+)/g)].map(([, name = '']) => name);
    for (const name of names) expect(Object.keys(sandboxFaults)).toContain(name);
  });
});

const textOf = (page: string): string => pages.find(({ name }) => name === page)?.text ?? '';

const typesOf = (name: string): readonly string[] => {
  const union = schema.getType(name);
  return isUnionType(union) ? union.getTypes().map((type) => type.name) : [];
};

const wordsOf = (name: string): readonly string[] => {
  const type = schema.getType(name);
  return isEnumType(type) ? type.getValues().map((value) => value.name) : [];
};

/** The faults that the table of a page names. */
const faultsIn = (text: string): readonly string[] => {
  const [, rest = ''] = text.split('## Rehearse a bad day');
  const [rows = ''] = rest.split(/^## /m);
  const named = rows.split('\n').flatMap((row) => {
    const [, cell = ''] = row.split('|');
    return [...cell.matchAll(/`([a-z0-9-]+)`/g)].map(([, name = '']) => name);
  });
  return named.filter((name) => name !== '--fault').sort();
};

/** Those of a retry have a page of their own. */
const isOfRetry = (fault: string): boolean => fault.startsWith('retry-') || fault.startsWith('start-copy-');

describe('docs/acting.md', () => {
  const text = textOf('acting.md');

  it.each(wordsOf('RetryCheckName'))('has a row for the check %s', (word) => {
    expect(text).toMatch(new RegExp(`^\\| \`${word}\``, 'm'));
  });

  it.each(['CopyRetryAccepted', 'CopyRetryConflict', 'RetryRejected', ...wordsOf('RetryState')])(
    'has a row for %s',
    (word) => {
      expect(text).toMatch(new RegExp(`^\\| .*\`${word}\``, 'm'));
    },
  );

  it('has a row for each fault of a retry, and for nothing else', () => {
    expect(faultsIn(text)).toEqual(Object.keys(sandboxFaults).filter(isOfRetry).sort());
  });

  it('asks only what the schema knows, word for word', () => {
    const blocks = [...text.matchAll(/```graphql\n([^]*?)```/g)].map(([, block = '']) => block);
    expect(blocks).not.toEqual([]);
    for (const block of blocks) expect(validate(schema, parse(block))).toEqual([]);
  });
});

describe('docs/failover.md', () => {
  const text = textOf('failover.md');

  it('has functions for a press, a look and a cancel', () => {
    expect(queriesIn(text)).toHaveLength(3);
  });

  it.each([...typesOf('FailoverResult'), ...failoverStates, ...failoverCheckNames])('has a row for %s', (word) => {
    expect(text).toMatch(new RegExp(`^\\| .*\`${word}\``, 'm'));
  });

  it('has a row for each fault of the cluster, and for nothing else', () => {
    const faults = Object.keys(sandboxFaults).filter((name) => !name.startsWith('aws-') && !isOfRetry(name));
    expect(faultsIn(text)).toEqual([...faults].sort());
  });
});

describe('docs/view-failover.md', () => {
  const text = textOf('view-failover.md');
  const answers = typesOf('ViewFailoverResult').filter((name) => name !== 'InvalidFailoverInput');

  it.each([...answers, ...wordsOf('ViewFailoverAction'), ...viewCheckNames])('has a row for %s', (word) => {
    expect(text).toMatch(new RegExp(`^\\| .*\`${word}\``, 'm'));
  });

  it('asks only what the schema knows, word for word', () => {
    const blocks = [...text.matchAll(/```graphql\n([^]*?)```/g)].map(([, block = '']) => block);
    expect(blocks).not.toEqual([]);
    for (const block of blocks) expect(validate(schema, parse(block))).toEqual([]);
  });
});

describe('docs/failover-workflow.md', () => {
  const text = textOf('failover-workflow.md');
  const states = ['FailoverStepName', 'FailoverStepState'].flatMap(wordsOf);

  it.each([...typesOf('FailoverStepResult'), ...states, ...workflowCheckNames])('has a row for %s', (word) => {
    expect(text).toMatch(new RegExp(`^\\| .*\`${word}\``, 'm'));
  });

  it('asks only what the schema knows, word for word', () => {
    const blocks = [...text.matchAll(/```graphql\n([^]*?)```/g)].map(([, block = '']) => block);
    expect(blocks).not.toEqual([]);
    for (const block of blocks) expect(validate(schema, parse(block))).toEqual([]);
  });
});

describe('docs/live.md', () => {
  const text = textOf('live.md');
  const blocks = (language: string): readonly string[] =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);
  const programs = blocks('js');
  const [command = ''] = blocks('sh');

  it.each(copyChangeKinds)('has a row for %s', (kind) => {
    expect(text).toMatch(new RegExp(`^\\| \`${kind}\``, 'm'));
  });

  it('subscribes in a shell, and by two clients', () => {
    expect([queriesIn(text).length, programs.length, command.startsWith('curl -N ')]).toEqual([1, 2, true]);
  });

  /** Starts what the page has, at a gateway of the test's, and waits until it shows the copy that runs there. */
  const shows = async (program: string, parameters: (block: string) => readonly string[], block: string) => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING', { ResourceName: 'shop-db' }));
    const { host } = new URL(live.url);
    const child = spawn(program, [...parameters(block.replaceAll('127.0.0.1:4000', host).replaceAll('…', 'key'))]);
    closing({ close: async () => void child.kill('SIGKILL') });
    let said = '';
    for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(() => expect(said).toMatch(/SNAPSHOT/), 50);
  };

  it.each(programs.map((block, index) => [index, block] as const))(
    'has a program that runs: %i',
    async (_index, block) => {
      // A program that asks only for copy runs gets none here. Without its filter, it gets the job.
      const whole = block.replace("{ types: ['COPY_RUN'] }", '{}');
      await shows(process.execPath, (code) => ['--input-type=module', '--eval', code], whole);
    },
  );

  it('has a command that runs', async ({ skip }) => {
    const found = (process.env['PATH'] ?? '').split(':').some((path) => {
      try {
        return readdirSync(path).includes('curl');
      } catch {
        return false; // not every folder of the path is there
      }
    });
    if (!found) skip();
    await shows('sh', (line) => ['-c', line], command);
  });

  it('asks only what the schema knows in its programs', () => {
    const queries = [...programs, ...blocks('html')].map(
      (block) => /const query = [`']([^`']*)[`']/.exec(block)?.[1] ?? '',
    );
    expect(queries).toHaveLength(2);
    for (const query of queries) expect(validate(schema, parse(query))).toEqual([]);
    const [deferred = ''] = blocks('graphql');
    const unknown = validate(schema, parse(deferred)).map(({ message }) => message);
    expect(unknown).toEqual(['Unknown directive "@defer".']); // which the schema has where it is served
  });
});

describe('docs/config-reference.md', () => {
  const text = textOf('config-reference.md');
  const [, config = ''] = /^```yaml\n(.*?)^```/ms.exec(text) ?? [];
  const env = {
    COHESITY_API_KEY: 'k',
    BOARD_SHA256: 'ab'.repeat(32),
    REDIS_URL: 'redis://127.0.0.1:6379',
    WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}`,
    METRICS_TOKEN: 'a-token-for-prometheus',
  };
  const upstreams = [{ id: 'dc-east', kind: 'cohesity', url: 'http://127.0.0.1:9', auth: { apiKey: 'k' } }] as const;

  it('has a config with every key, which can be read', () => {
    const read = parseConfig(config, 'config-reference.md', env);
    expect(Object.keys(read).sort()).toEqual(Object.keys(configShapeOf(products).shape).sort());
    for (const path of ['timeoutMs', 'maxConcurrent', 'callsPerSecond', 'caFile', 'accessClusterId', 'upstreamsClaim'])
      expect(config).toContain(`${path}:`);
  });

  it('shows the defaults, each of them', () => {
    const { server, limits, cache, live, watch, cors, persisted } = defaultConfig(upstreams, {});
    expect(parseYaml(config)).toMatchObject({ server, limits, cache, live, watch, cors, persisted });
    const timeouts = [...config.matchAll(/timeoutMs: (\d+) .*; (\d+) for aws-backup/g)].map(([, ...each]) => each);
    expect(timeouts).toEqual([['20000', '3000']]);
  });

  it.each(Object.entries(defaultConfig(upstreams, {}).limits))('explains the limit %s elsewhere', (name, value) => {
    expect(`${textOf('limits.md')}${textOf('metrics.md')}`).toMatch(
      new RegExp(`\\b${name}\`[^\\n]*\\b(${value}|${value.toLocaleString('en-US')})\\b`),
    );
  });
});

describe('docs/metrics.md', () => {
  const text = textOf('metrics.md');

  it('has a row for each metric, and for nothing else', async () => {
    const metrics = createMetrics({ version: '0.0.0', redis: true });
    metrics.takeTokens();
    metrics.watch([], () => 0);
    metrics.watchCopies({ figures: () => [], now: clock, maxSeries: () => 1 });
    const names = [...(await metrics.text()).matchAll(/^# TYPE (copygraph_\w+)/gm)].map(([, name = '']) => name);
    const told = [...text.matchAll(/^\| (`copygraph_.*?) \|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? []);
    expect(told.sort()).toEqual(names.sort());
  });
});
