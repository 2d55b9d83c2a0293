import { readFileSync } from 'node:fs';
import { GraphQLDeferDirective, GraphQLStreamDirective } from '@graphql-tools/utils';
import { GraphQLSchema } from 'graphql';
import { type Config, ConfigError } from './config.js';
import { whyUnread } from '../domain/file-failure.js';
import type { Principal } from '../domain/principal.js';
import { type DocumentPolicy, type Manifest, parseManifest } from '../edge/trusted-documents.js';
import { schema as subgraph } from '../schema/index.js';

/** The operations that a caller may send. */
export type DocumentPolicyOf = (principal: Principal) => DocumentPolicy;

/** The schema, with the fields that the server adds to it. */
const servedSchema = (): GraphQLSchema => {
  const config = subgraph.toConfig();
  const added = [GraphQLDeferDirective, GraphQLStreamDirective];
  return new GraphQLSchema({ ...config, directives: [...config.directives, ...added] });
};

const read = (file: string, schema: GraphQLSchema): Manifest => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`cannot be read: ${whyUnread(error)}`, { cause: error });
  }
  return parseManifest(text, schema);
};

/**
 * Reads the manifests of trusted documents, each once; paths are relative to the working directory. Throws a
 * `ConfigError` for one that cannot be used.
 */
export const readTrustedDocuments = ({ persisted, auth }: Pick<Config, 'persisted' | 'auth'>): DocumentPolicyOf => {
  const manifests = new Map<string, Manifest>();
  let schema: GraphQLSchema | null = null;
  const manifestOf = (file: string, key: string): Manifest => {
    try {
      const documents = manifests.get(file) ?? read(file, (schema ??= servedSchema()));
      manifests.set(file, documents);
      return documents;
    } catch (error) {
      throw error instanceof Error ? new ConfigError(`${key}: the file ${file} ${error.message}`) : error;
    }
  };
  const policyOf = ({ mode, manifest }: Config['persisted'], key: string): DocumentPolicy => ({
    mode,
    documents: mode === 'off' ? new Map() : manifestOf(manifest, key),
  });

  const common = policyOf(persisted, 'persisted.manifest');
  const own = new Map(
    (auth?.apiKeys ?? []).map(({ name, persisted: { mode, manifest } = {} }, index) => {
      const merged = { mode: mode ?? persisted.mode, manifest: manifest ?? persisted.manifest };
      const key = manifest === undefined ? 'persisted.manifest' : `auth.apiKeys[${index}].persisted.manifest`;
      return [name, policyOf(merged, key)] as const;
    }),
  );
  return ({ apiKey }) => (apiKey === undefined ? undefined : own.get(apiKey)) ?? common;
};
