import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { closing } from '../support/products.js';
import { startTwins } from './twins.js';

const here = new URL('.', import.meta.url).pathname;
const require = createRequire(import.meta.url);

/** A board as a frontend writes it: four lists, each by fragments on interfaces. */
const board = `
const { graphql } = require('relay-runtime');
graphql\`fragment app_row on CopyOperation { name ...app_activity target { ...app_place } }\`;
graphql\`fragment app_activity on Activity { state startedAt upstream { name } }\`;
graphql\`fragment app_place on CopyTarget { kind name }\`;
graphql\`query appBoardQuery {
  running: copyOperations(first: 3, filter: { states: [RUNNING] }) { nodes { id ...app_row } }
  failed: copyOperations(first: 3, filter: { states: [FAILED] }) { nodes { id ...app_row } }
  replicas: copyOperations(first: 3, filter: { targetKinds: [REMOTE] }) { nodes { id ...app_row } }
  archives: copyOperations(first: 3, filter: { targetKinds: [ARCHIVAL] }) { nodes { id ...app_row } }
}\`;
graphql\`query appJobsQuery {
  copyRuns(first: 10) {
    nodes { id name protectionJob { id name uid { localId clusterId } } copySnapshotTasks(first: 5) { nodes { id source { id name } } } }
  }
}\`;
`;

/** The output of relay-compiler for the board, by the name of the query. */
const compile = async (): Promise<(name: string) => { readonly params: { readonly text: string } }> => {
  const folder = mkdtempSync(join(here, 'relay-'));
  closing({ close: async () => rmSync(folder, { recursive: true }) });
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/app.js'), board);
  cpSync('client/schema.graphql', join(folder, 'schema.graphql'));
  writeFileSync(
    join(folder, 'relay.config.json'),
    JSON.stringify({ src: './src', schema: './schema.graphql', language: 'javascript', eagerEsModules: false }),
  );
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
  symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'));
  await promisify(execFile)(process.execPath, [join(here, 'node_modules/relay-compiler/cli.js')], { cwd: folder });
  return (name) => require(join(folder, `src/__generated__/${name}.graphql.js`));
};

type Compiled = Awaited<ReturnType<typeof compile>>;

const { Environment, Network, RecordSource, Store, fetchQuery } = require('relay-runtime');

/** Relay's own runtime, as an application sets it up. */
const environmentAt = (url: string) =>
  new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async ({ text }: { text: string }, variables: object) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }) });
      const answer = await response.json();
      expect(answer.errors).toBeUndefined();
      return answer;
    }),
  });

const ask = (compiled: Compiled, environment: object, name: string, variables = {}) =>
  fetchQuery(environment, compiled(name), variables).toPromise();

describe('relay-compiler and relay-runtime', () => {
  it('take the schema of the package, and run a board with the default limits', async () => {
    const compiled = await compile();
    expect(compiled('appBoardQuery').params.text.match(/__is\w+: __typename/g)?.length).toBeGreaterThanOrEqual(3);
    const { url } = await startTwins();
    const data = await ask(compiled, environmentAt(url), 'appBoardQuery');
    expect(Object.keys(data)).toEqual(['running', 'failed', 'replicas', 'archives']);
  });

  it('keep two objects with equal local ids of two clusters apart', async () => {
    const compiled = await compile();
    const { url } = await startTwins();
    const environment = environmentAt(url);
    const { copyRuns } = await ask(compiled, environment, 'appJobsQuery');
    const told = copyRuns.nodes.map((run: { name: string; protectionJob: { name: string; uid: object } }) => [
      run.name,
      run.protectionJob.name,
      run.protectionJob.uid,
    ]);
    expect(told.sort()).toEqual([
      ['job of dc-east', 'job of dc-east', { localId: '7', clusterId: '1' }],
      ['job of dc-west', 'job of dc-west', { localId: '7', clusterId: '2' }],
    ]);
    const records = environment.getStore().getSource().getRecordIDs();
    expect(records.filter((id: string) => id.startsWith('ProtectionJob:') && !id.includes(':uid')).sort()).toEqual([
      'ProtectionJob:dc-east:7',
      'ProtectionJob:dc-west:7',
    ]);
  });
});
