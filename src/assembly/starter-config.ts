import { writeFileSync } from 'node:fs';
import { whyUnwritten } from '../domain/file-failure.js';
import { type AccessKey, createAccessKey } from './access-key.js';
import { products } from '../upstream/products.js';
import { ConfigError } from './config.js';
import { configSchemaFor } from './config-schema.js';

const OWNER_ALONE = 0o600; // secrets will be written into it, at least while trying it out

/** One upstream of each product, as items of a list. */
const starters = (): string =>
  products
    .flatMap(({ starter = '' }) => (starter === '' ? [] : [`  - ${starter.replaceAll('\n', '\n    ')}`]))
    .join('\n');

const textOf = (schemaPath: string, { sha256 }: AccessKey): string => `# yaml-language-server: $schema=${schemaPath}
# \${NAME} and \${NAME:-default} are variables of the environment. Without NAME, NAME_FILE names a file that holds the value.
# Every key, with its default: docs/config-reference.md. Try it with \`copygraph check\`.
server:
  host: 127.0.0.1 # 0.0.0.0 for all addresses of this machine
  port: 4000

upstreams: # keep those that you have
${starters()}

auth:
  apiKeys: # \`copygraph key\` makes another
    - name: first
      sha256: ${sha256}
      scopes: [copy:read] # failover:execute, failover:activate, copy:cancel and copy:retry let it act
`;

/** Writes a first config, and makes its first key. Throws a `ConfigError` if the file already exists. */
export const writeStarterConfig = (file: string): AccessKey => {
  const access = createAccessKey();
  try {
    writeFileSync(file, textOf(configSchemaFor(file), access), { flag: 'wx', mode: OWNER_ALONE });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new ConfigError(`${file}: already exists, and was not changed; \`copygraph init FILE\` takes another name`);
    throw new ConfigError(`${file}: cannot be written: ${whyUnwritten(error)}`);
  }
  return access;
};
