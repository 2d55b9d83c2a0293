import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closing } from '../support/products.js';

export const idOf = (document: string): string => createHash('sha256').update(document).digest('hex');

/** Writes a manifest of these documents as codegen does, or a file with this text; it is gone after the test. */
export const manifestFile = (content: readonly string[] | object | string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-manifest-'));
  closing({ close: async () => rmSync(folder, { recursive: true }) });
  const file = join(folder, 'persisted-documents.json');
  const data = Array.isArray(content)
    ? Object.fromEntries(content.map((document: string) => [`sha256:${idOf(document)}`, document]))
    : content;
  writeFileSync(file, typeof data === 'string' ? data : JSON.stringify(data));
  return file;
};
