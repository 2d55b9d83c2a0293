/**
 * The whole supergraph on loopback: copygraph over its sandbox, the subgraph of tickets, and the router on `PORT` or
 * 4000. Opens a ticket for one copy of each vendor that failed, so that there is something to see.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));

const children = [];
const ended = [];
let ending = false;

const end = (code) => {
  if (ending) return;
  ending = true;
  process.exitCode = code;
  for (const child of children) child.kill('SIGTERM');
  // Programs that do not end by themselves are killed.
  const overdue = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), 12_000);
  void Promise.all(ended).then(() => clearTimeout(overdue));
};

/** Starts a program, and resolves with the URL it prints. If a program ends, the others are ended too. */
const start = (args, port) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: pathOf('../..'),
      env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn' },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true, // Ctrl-C reaches only this program, which ends the others
    });
    children.push(child);
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const [url] = /http:\S+\/graphql/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
    ended.push(
      new Promise((gone) =>
        child.once('close', (code) => {
          if (!ending) process.stderr.write(`${args.at(-1)} ended with ${code}\n`);
          end(1);
          gone();
        }),
      ),
    );
  });

/** In a checkout copygraph runs from its source, in the package as it was built. */
const program = existsSync(pathOf('../../src/cli.ts')) ? ['--import', 'tsx', 'src/cli.ts'] : ['dist/cli.js'];

const ask = async (url, query, variables) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return data;
};

const openTickets = async (url) => {
  for (const type of ['COPY_RUN', 'COPY_JOB']) {
    const { copyOperations } = await ask(
      url,
      'query ($type: CopyOperationType!) { copyOperations(first: 1, filter: { types: [$type], states: [FAILED] }) { nodes { id error } } }',
      { type },
    );
    for (const { id, error } of copyOperations.nodes) {
      await ask(url, 'mutation ($id: ID!, $title: String!) { openTicket(copyId: $id, title: $title) { key } }', {
        id,
        title: error ?? 'A copy failed',
      });
    }
  }
};

const run = async () => {
  const [copygraph, tickets] = await Promise.all([start([...program, 'serve'], 0), start([pathOf('subgraph.js')], 0)]);
  const router = await start([pathOf('router.js'), copygraph, tickets], process.env.PORT ?? 4000);
  await openTickets(router);
  const [, query] = /```graphql\n(.*?)```/s.exec(readFileSync(pathOf('README.md'), 'utf8'));
  process.stdout.write(`copygraph ${copygraph}\ntickets   ${tickets}\nrouter    ${router}\n\n`);
  process.stdout.write(`Open ${router} and try:\n\n${query}\n`);
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));
for (const pipe of [process.stdout, process.stderr]) pipe.on('error', () => end(1)); // nobody reads it any more
run().catch((error) => {
  if (!ending) process.stderr.write(`${error.message}\n`);
  end(1);
});
