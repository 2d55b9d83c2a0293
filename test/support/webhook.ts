import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { closing } from './closing.js';

export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** A request to a webhook. */
export interface Told {
  readonly id: string;
  readonly path: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what was sent; the assertions are the check
  readonly body: any;
  readonly isSigned: boolean;
}

export interface PlayedWebhook {
  readonly url: string;
  /** All requests so far. */
  readonly told: Told[];
  /** Its answer; a promise that never resolves keeps the caller waiting. */
  answer: (told: Told) => Answer | Promise<Answer>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The library's own check would take no time but now, and a test may have set another. */
const isSigned = (text: string, headers: Readonly<Record<string, string>>): boolean => {
  const { 'webhook-id': id = '', 'webhook-timestamp': at = '', 'webhook-signature': signature } = headers;
  return new Webhook(secret).sign(id, new Date(Number(at) * 1000), text) === signature;
};

/** A webhook on loopback that checks signatures; 204, unless a test says otherwise. */
export const startWebhook = async (): Promise<PlayedWebhook> => {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const headers = request.headers as Readonly<Record<string, string>>; // those read are sent once
      const id = headers['webhook-id'] ?? '';
      const one: Told = { id, path: request.url ?? '', body: JSON.parse(text), isSigned: isSigned(text, headers) };
      told.push(one);
      void Promise.resolve(webhook.answer(one)).then(({ status, headers: sent = {} }) =>
        response.writeHead(status, sent).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const webhook: PlayedWebhook = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, // a TCP server's address is never a string
    told,
    answer: () => ({ status: 204 }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return closing(webhook);
};
