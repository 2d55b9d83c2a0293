import {
  Agent,
  createServer,
  request as send,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from './contract.js';

/** A proxy that passes everything on unchanged and remembers it. `exchanges` is in the order of the answers. */
export interface Recorder {
  readonly url: string;
  readonly exchanges: Exchange[];
  close(): Promise<void>;
}

const flat = (headers: IncomingHttpHeaders): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );

/** The bytes received, and whether they are complete. */
const readAll = async (message: IncomingMessage): Promise<{ body: Buffer; whole: boolean }> => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(Buffer.from(chunk));
    return { body: Buffer.concat(chunks), whole: true };
  } catch {
    return { body: Buffer.concat(chunks), whole: false };
  }
};

/** Listens on loopback in front of `target` (`http://host:port`). */
export const startRecorder = async (target: string): Promise<Recorder> => {
  const { hostname, port, pathname } = new URL(target);
  const prefix = pathname.replace(/\/$/, '');
  const host = hostname.replace(/^\[|\]$/g, ''); // a socket wants an IPv6 address without its brackets
  const agent = new Agent({ keepAlive: false }); // a kept socket may be closed by the target just when it is used again
  const exchanges: Exchange[] = [];

  const record = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { body: requestBody, whole } = await readAll(incoming);
    if (!whole) return; // the caller hung up while it was still sending
    const path = incoming.url ?? '/';
    const asked = {
      method: incoming.method ?? 'GET',
      url: path,
      requestHeaders: flat(incoming.headers),
      requestBody: requestBody.toString('utf8'),
    };
    const lost = { status: 0, responseHeaders: {}, responseBody: '' };
    const onward = send({
      agent,
      host,
      port,
      path: prefix + path,
      method: asked.method,
      headers: incoming.rawHeaders, // as a list, Host included: a signature covers it
    });
    let told = false;
    const tell = (answer: typeof lost | Pick<Exchange, 'status' | 'responseHeaders' | 'responseBody'>) => {
      if (!told) exchanges.push({ ...asked, ...answer });
      told = true;
    };
    const pass = async (answer: IncomingMessage): Promise<void> => {
      const { body, whole: complete } = await readAll(answer);
      tell({
        status: answer.statusCode ?? 0,
        responseHeaders: flat(answer.headers),
        responseBody: body.toString('utf8'),
      });
      outgoing.writeHead(answer.statusCode ?? 0, answer.statusMessage, answer.rawHeaders);
      if (complete) outgoing.end(body);
      else outgoing.write(body, () => outgoing.destroy());
    };
    onward.on('response', (answer) => void pass(answer));
    onward.on('error', () => {
      tell(lost);
      outgoing.destroy(); // the caller sees a broken connection too
    });
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) onward.destroy(); // the caller hung up
    });
    onward.end(requestBody);
  };
  const server = createServer((incoming, outgoing) => void record(incoming, outgoing));

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server's address is never a string
    exchanges,
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
