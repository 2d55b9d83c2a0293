import { setTimeout as sleep } from 'node:timers/promises';
import { Kind, parse, print } from 'graphql';
import { micros } from '../../src/domain/micros.js';
import { readExamples } from '../../src/edge/examples.js';

const KEPT_MS = 2_000; // longer than an equal answer is kept
const LONGEST_MS = 240_000;

/**
 * Prints how many calls each screen of `docs/screens.md` makes, and how long it takes, when it is asked again: after an
 * answer without errors, or after four minutes.
 */
export const askScreens = async (url: string, takeCalls: () => number): Promise<void> => {
  const text = readExamples(micros(Date.now() * 1000)).find((one) => one.includes('query CopyingNow')) ?? '';
  const headers = { 'content-type': 'application/json' };
  for (const screen of parse(text).definitions) {
    if (screen.kind !== Kind.OPERATION_DEFINITION) continue;
    const ask = async () => {
      takeCalls();
      const began = performance.now();
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: print(screen) }) });
      const { errors = [] } = await response.json();
      const milliseconds = Math.round(performance.now() - began);
      const codes = errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code).join(' ');
      const row = `${String(takeCalls()).padStart(4)} calls ${String(milliseconds).padStart(7)} ms  ${codes}`;
      return { row, isGood: codes === '' };
    };
    const began = performance.now();
    while (!(await ask()).isGood && performance.now() - began < LONGEST_MS) await sleep(KEPT_MS);
    await sleep(KEPT_MS);
    const { row } = await ask();
    process.stdout.write(`${'screen'.padEnd(12)}${(screen.name?.value ?? '').padEnd(24)}${row}\n`);
  }
};
