import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';

const installed = spawnSync('promtool', ['--version']).status === 0;

/** Tests that need `promtool`: skipped where none is installed, unless `COPYGRAPH_REQUIRE_PROMTOOL=1` asks for it. */
export const describeWithPromtool = (name: string, tests: () => void): void => {
  if (process.env['COPYGRAPH_REQUIRE_PROMTOOL'] === '1') {
    it('finds the promtool that COPYGRAPH_REQUIRE_PROMTOOL=1 asks for', () => {
      expect(installed, "no promtool; install Debian's prometheus").toBe(true);
    });
  } else if (!installed) process.stderr.write(`No promtool: the tests of ${name} are skipped.\n`);
  describe.runIf(installed)(name, tests);
};

export const rulesFile = resolve('deploy/prometheus/rules.yaml');

/** Runs `promtool` on a file with this text; yields what it prints, and throws with that where it fails. */
export const promtool = (command: readonly string[], content: object): string => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-promtool-'));
  const file = join(folder, 'given.yaml');
  writeFileSync(file, stringify(content));
  try {
    return execFileSync('promtool', [...command, file], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }; // as execFileSync throws
    throw new Error(`${stdout}${stderr}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

interface Expected {
  readonly alert: string;
  readonly at: string;
  /** Of each alert that fires: its labels and its summary. */
  readonly fires: readonly { readonly labels: Readonly<Record<string, string>>; readonly summary: string }[];
}

/** Evaluates the rules each minute over series of a value a minute, and checks which alerts fire. */
export const testRules = (series: Readonly<Record<string, string>>, expected: readonly Expected[]): string =>
  promtool(['test', 'rules'], {
    rule_files: [rulesFile],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: expected.map(({ alert, at, fires }) => ({
          eval_time: at,
          alertname: alert,
          exp_alerts: fires.map(({ labels, summary }) => ({ exp_labels: labels, exp_annotations: { summary } })),
        })),
      },
    ],
  });
