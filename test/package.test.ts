import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

const { satisfies } = createRequire(import.meta.url)('semver') as {
  satisfies(version: string, range: string): boolean;
};

interface Installed {
  readonly engines?: { readonly node?: string };
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Installed>>;
};
const installed = Object.entries(packages).filter(([path]) => path !== '');
const atRunTime = installed.filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true);

/** Of the licences that the Open Source Initiative has approved, those that occur. */
const approved = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'Unlicense'];

describe('the packages of package-lock.json', () => {
  it('have a licence that OSI approved, where they are needed at run time', () => {
    expect(atRunTime.length).toBeGreaterThan(50);
    const others = atRunTime.filter(([, { license }]) => license === undefined || !approved.includes(license));
    expect(others.map(([path, { license }]) => `${path}: ${license ?? 'none'}`)).toEqual([]);
  });

  it('run on the Node versions that ours says', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(engines.node).toBe('>=22.15');
    const unfit = ['22.15.0', '24.0.0'].flatMap((version) =>
      atRunTime.flatMap(([path, { engines: own }]) =>
        own?.node === undefined || satisfies(version, own.node) ? [] : [`${path} does not run on ${version}`],
      ),
    );
    expect(unfit).toEqual([]);
  });

  it('would not, with the package that builds subgraphs, which loads one under the Elastic Licence', () => {
    const elastic = installed.filter(([, { license }]) => license === 'Elastic-2.0').map(([path]) => path);
    expect(elastic).toContain('node_modules/@apollo/federation-internals');
    expect(elastic.every((path) => packages[path]?.dev === true)).toBe(true);
  });

  it('have one @graphql-tools/utils, which merges client-named keys rightly since 12.0.1', () => {
    const found = installed.filter(([path]) => path.endsWith('node_modules/@graphql-tools/utils'));
    expect(found.map(([, { version }]) => version)).toEqual(['12.1.0']);
  });
});
