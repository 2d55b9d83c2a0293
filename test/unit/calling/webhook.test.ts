import type { lookup } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { createWebhooks } from '../../../src/calling/webhook.js';
import { closing } from '../../support/closing.js';
import { deadPort } from '../../support/redis.js';
import { startWebhook } from '../../support/webhook.js';

/** A name server that knows these addresses, and in turn others. */
const nameServer = (...answers: readonly (readonly string[])[]) => {
  let asked = 0;
  const resolve = (_name: string, _options: unknown, callback: (error: null, found: object[]) => void): void => {
    const found = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { lookup: resolve as unknown as typeof lookup, asked: () => asked }; // all that is called of it
};

const webhooksWith = (options: Partial<Parameters<typeof createWebhooks>[0]> = {}) =>
  closing(createWebhooks({ proxyFor: () => null, ...options }));

const call = (url: string) => ({
  url,
  body: '{}',
  headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': '1', 'content-type': 'application/json' },
});

describe('a webhook', () => {
  it('is called at the address that was looked up and checked, and looked up once for it', async () => {
    const webhook = await startWebhook();
    const { port } = new URL(webhook.url);
    const names = nameServer(['127.0.0.1'], ['169.254.169.254']); // the second answer would be the trap
    await webhooksWith(names).post(call(`http://hooks.example.com:${port}/x`));
    expect(webhook.told.map(({ path }) => path)).toEqual(['/x']);
    expect(names.asked()).toBe(1);
  });

  it.each([[['169.254.169.254']], [['10.0.0.1', 'fe80::1']], [['::ffff:a9fe:a9fe']]])(
    'is not called where its name has the address of %j',
    async (addresses) => {
      const refused = webhooksWith(nameServer(addresses)).post(call('http://hooks.example.com/x'));
      await expect(refused).rejects.toThrow('the address is link-local, and such addresses are not called');
    },
  );

  it.each(['http://169.254.169.254/latest', 'http://2852039166/', 'http://[fe80::1]/', 'http://[::ffff:169.254.1.1]/'])(
    'is not called at %s',
    async (url) => await expect(webhooksWith().post(call(url))).rejects.toThrow('the address is link-local'),
  );

  it('is given up when it does not answer in time', async () => {
    const webhook = await startWebhook();
    webhook.answer = () => new Promise(() => undefined);
    // A busy machine may need longer for the way there.
    for (let timeoutMs = 50; webhook.told.length === 0; timeoutMs *= 4)
      await expect(webhooksWith({ timeoutMs }).post(call(webhook.url))).rejects.toThrow('it did not answer in time');
    expect(webhook.told).toHaveLength(1);
  });

  it('is not followed elsewhere', async () => {
    const [webhook, other] = [await startWebhook(), await startWebhook()];
    webhook.answer = () => ({ status: 308, headers: { location: other.url } });
    await expect(webhooksWith().post(call(webhook.url))).rejects.toThrow(
      'it redirects, and redirects are not followed',
    );
    expect(other.told).toEqual([]);
  });

  it('may say when to come again, and why it failed is told without its URL', async () => {
    const webhook = await startWebhook();
    webhook.answer = () => ({ status: 429, headers: { 'retry-after': '30' } });
    await expect(webhooksWith().post(call(`${webhook.url}?key=s3cret`))).rejects.toMatchObject({
      message: 'it answered with status 429',
      retryAfterMs: 30_000,
    });
    const nobody = webhooksWith().post(call(`http://127.0.0.1:${await deadPort()}/`));
    await expect(nobody).rejects.toThrow(/^it cannot be reached: ECONNREFUSED$/);
  });
});
