import { expect, it } from 'vitest';
import { createBackupClient, createHandlers } from '../../../src/upstream/aws-backup/sdk.js';

it('the client makes no copy of an answer for a logger', () => {
  const limits = { timeoutMs: 1000, maxConcurrent: 1, maxBytes: 1000 };
  const client = createBackupClient({ region: 'us-east-1' }, createHandlers({ proxyFor: () => null, ...limits }));
  const parts = client.middlewareStack.identify();
  expect(parts).toContainEqual(expect.stringContaining('traceHeaders'));
  expect(parts.filter((part) => /logger/i.test(part))).toEqual([]);
  client.destroy();
});
