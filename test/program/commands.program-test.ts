import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { createAccessKey } from '../../src/assembly/access-key.js';
import { parseConfig } from '../../src/assembly/config.js';
import { configSchemaFor } from '../../src/assembly/config-schema.js';
import { writeStarterConfig } from '../../src/assembly/starter-config.js';
import { sandboxFaults } from '../../src/sandbox/faults.js';
import { run, start } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'copygraph-commands-'));
afterAll(() => rmSync(folder, { recursive: true }));
let folders = 0;
const emptyFolder = (): string => {
  const path = join(folder, String((folders += 1)));
  mkdirSync(path);
  return path;
};

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const printedSchema = readFileSync('config.schema.json', 'utf8');
const fits = new Ajv({ strictTypes: false }).compile(JSON.parse(printedSchema));

describe('key', { concurrent: true }, () => {
  it('prints a key, another each time, and the hash that the config takes', async () => {
    const { code, stdout, stderr } = await run(['key']);
    expect([code, stderr]).toEqual([0, '']);
    const { key, sha256 } = parseYaml(stdout);
    expect(key).toMatch(/^cgk_[\w-]{43}$/);
    expect(sha256).toBe(hashOf(key));
    expect(new Set([key, createAccessKey().key, createAccessKey().key]).size).toBe(3);
  });
});

describe('init', { concurrent: true }, () => {
  it('writes a config that the gateway and its schema take, for its owner alone, and prints its key', async () => {
    const cwd = emptyFolder();
    const { code, stdout, stderr } = await run(['init'], {}, cwd);
    expect([code, stderr]).toEqual([0, '']);
    const file = join(cwd, 'copygraph.yaml');
    const text = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(text).toMatch(/^# yaml-language-server: \$schema=\/.*\/config\.schema\.json\n/);
    const config = parseConfig(text, file, { COHESITY_API_KEY: 'k' });
    expect(config.upstreams.map(({ id }) => id)).toEqual(['dc-east', 'aws-prod']);
    expect([fits(parseYaml(text)), fits.errors]).toEqual([true, null]);
    const [key = ''] = /cgk_[\w-]{43}/.exec(stdout) ?? [];
    expect(config.auth?.apiKeys?.map(({ sha256 }) => sha256)).toEqual([hashOf(key)]);
    expect(text).not.toContain(key);
  });

  it('names the schema of the package: beside the config, or where else it is', () => {
    const file = join(emptyFolder(), 'copygraph.yaml');
    expect(readFileSync(resolve(dirname(file), configSchemaFor(file)), 'utf8')).toBe(printedSchema);
    expect(configSchemaFor('copygraph.yaml')).toBe('./config.schema.json');
    expect(configSchemaFor('deploy/copygraph.yaml')).toBe(resolve('config.schema.json'));
  });

  it('never writes over a file, whatever it is', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'mine.yaml'), 'upstreams: mine');
    symlinkSync(join(cwd, 'nowhere.yaml'), join(cwd, 'link.yaml'));
    const { code, stdout, stderr } = await run(['init', 'mine.yaml'], {}, cwd);
    const refusal = 'mine.yaml: already exists, and was not changed; `copygraph init FILE` takes another name';
    expect([code, stdout, stderr]).toEqual([1, '', `copygraph: ${refusal}\n`]);
    expect(() => writeStarterConfig(join(cwd, 'link.yaml'))).toThrow('already exists');
    expect(readFileSync(join(cwd, 'mine.yaml'), 'utf8')).toBe('upstreams: mine');
  });

  it('says why a file cannot be written', () => {
    expect(() => writeStarterConfig(join(folder, 'no/such/folder.yaml'))).toThrow(
      'no/such/folder.yaml: cannot be written: its folder does not exist',
    );
  });
});

describe('config-schema', () => {
  it('prints the file of the package', async () => {
    const { code, stdout, stderr } = await run(['config-schema']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout === printedSchema).toBe(true);
    expect(JSON.parse(readFileSync('package.json', 'utf8')).files).toContain('config.schema.json');
  });
});

describe('completion', { concurrent: true }, () => {
  /** The words that bash offers behind a line. */
  const offered = async (script: string, line: string): Promise<readonly string[]> => {
    const words = line.split(' ');
    const ask = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _copygraph; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-euc', `${script}\n${ask}`], { cwd: folder });
    return stdout.trim().split('\n');
  };

  it('lets bash complete commands, their flags, and what stands behind them', async () => {
    const { stdout: help } = await run(['--help']);
    const commands = [...help.matchAll(/^ {2}([a-z][a-z-]*) .*/gm)].map(([, name = '']) => name);
    const { stdout: script } = await run(['completion', 'bash']);
    const known = await offered(script, 'copygraph ');
    expect(known).toEqual(expect.arrayContaining(commands.filter((name) => name !== 'help')));
    expect(await offered(script, 'copygraph ser')).toEqual(['serve']);
    expect(await offered(script, 'copygraph serve --sa')).toEqual(['--sandbox']);
    expect(await offered(script, 'copygraph sandbox --fault ')).toEqual(Object.keys(sandboxFaults));
    expect(await offered(script, 'copygraph completion z')).toEqual(['zsh']);
    writeFileSync(join(folder, 'here.yaml'), '');
    expect(await offered(script, 'copygraph check --config he')).toEqual(['here.yaml']);
  });

  it.each(['zsh', 'fish'])('has every command and flag for %s', async (shell) => {
    const { code, stdout, stderr } = await run(['completion', shell]);
    expect([code, stderr]).toEqual([0, '']);
    for (const word of ['init', 'config-schema', 'config', 'possible-types', 'aws-throttle'])
      expect(stdout).toContain(word);
  });

  it('is for the shells that it knows', async () => {
    const { code, stdout, stderr } = await run(['completion', 'tcsh']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/'tcsh' is invalid.*Allowed choices are bash, zsh, fish/);
  });
});

describe('COPYGRAPH_CONFIG', { concurrent: true }, () => {
  const missing = (file: string) => `copygraph: ${file}: the config file cannot be read: there is no such file\n`;

  it.each<[string, readonly string[], string]>([
    ['is the config of serve', ['serve'], '/env.yaml'],
    ['is the config of check', ['check'], '/env.yaml'],
    ['is not read beside --config', ['check', '--config', '/flag.yaml'], '/flag.yaml'],
  ])('%s', async (_what, args, file) => {
    const { code, stderr } = await run(args, { COPYGRAPH_CONFIG: '/env.yaml' });
    expect([code, stderr]).toEqual([1, missing(file)]);
  });

  it('gives way to --sandbox', async () => {
    await start(['serve', '--sandbox'], { COPYGRAPH_CONFIG: '/env.yaml' }).saying(/SANDBOX/);
  });

  it('counts as not set when it is empty', async () => {
    const { code, stderr } = await run(['check'], { COPYGRAPH_CONFIG: '' });
    expect([code, stderr]).toEqual([1, expect.stringContaining("required option '-c, --config <file>'")]);
  });
});

describe('serve --sandbox', { concurrent: true }, () => {
  const ask = async (port: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"query":"{ upstreams { name } }"}',
    });
    return response.status;
  };

  it('prints a key where all can reach it, which alone lets in, and keeps it out of the log', async () => {
    const cli = start(['serve', '--sandbox', '--host', '0.0.0.0']);
    const [, port = ''] = await cli.saying(/http:\/\/0\.0\.0\.0:(\d+)\/graphql/);
    const [, key = ''] = await cli.saying(/^ {2}key {7}(cgk_[\w-]{43}) /m);
    const keys = [{}, { 'x-api-key': createAccessKey().key }, { 'x-api-key': key }];
    expect(await Promise.all(keys.map((headers) => ask(port, headers)))).toEqual([401, 401, 200]);
    expect(cli.stderr()).not.toContain(key);
  });

  it('asks for none on loopback', async () => {
    const cli = start(['serve', '--sandbox', '--host', 'localhost', '--port', '0'], { HOST: '0.0.0.0', PORT: '1' });
    const [, port = ''] = await cli.saying(/http:\/\/localhost:(\d+)\/graphql/);
    await cli.saying(/"msg":"listening"/);
    expect(await ask(port)).toBe(200);
    expect(cli.stdout()).not.toContain('cgk_');
  });

  it.each<[readonly string[], RegExp]>([
    [['--host', 'http://x'], /--host.*It must be a host name or address/s],
    [['--port', '70000'], /--port.*It must be a port/s],
    [['--config', 'x.yaml'], /option '--sandbox' cannot be used with option '-c, --config <file>'/],
  ])('refuses %j', async (args, words) => {
    const { code, stdout, stderr } = await run(['serve', '--sandbox', ...args]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(words);
  });
});
