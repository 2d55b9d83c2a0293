import { createHash, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '../domain/loopback.js';
import type { Metrics } from '../edge/metrics.js';
import { misdirectionOf } from '../edge/origin.js';
import { sendJson } from '../edge/plain-answers.js';
import { refusalBody } from '../edge/refusal.js';
import { setSecurityHeaders } from '../edge/security-headers.js';
import type { Config } from './config.js';

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

const hasToken = ({ headers }: IncomingMessage, token: string): boolean => {
  const [, given = ''] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  return timingSafeEqual(hashOf(given), hashOf(token));
};

/** Whether all data come from the sandbox, so that metrics reveal nothing. */
const isPlayed = ({ upstreams }: Config): boolean => upstreams.every(({ sandbox }) => sandbox);

/** Whether programs on other machines could read metrics without a token. */
const isExposed = (config: Config): boolean => !isLoopback(config.server.host) && !isPlayed(config);

/** Answers `/metrics`, on the graph's server or on its own, for callers that may read it. */
export const answerMetrics = async (
  { config, metrics, isOwn }: { readonly config: Config; readonly metrics: Metrics; readonly isOwn: boolean },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { token, port } = config.metrics;
  const refuse = (status: number, message: string): void =>
    sendJson(response, status, refusalBody(status === 401 ? 'UNAUTHENTICATED' : 'FORBIDDEN', message));
  if (!isOwn && port !== undefined) return refuse(403, 'Metrics are on the port of `metrics.port`.');
  if (token !== undefined && !hasToken(request, token)) {
    response.setHeader('www-authenticate', 'Bearer');
    return refuse(401, 'Metrics need `Authorization: Bearer` with the token of `metrics.token`.');
  }
  if (!isOwn && token === undefined && isExposed(config))
    return refuse(403, 'On a host other than loopback, metrics need `metrics.token` or `metrics.port` in the config.');
  const text = await metrics.text();
  response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
};

/** A server only for metrics. */
interface MetricsServer {
  readonly port: number;
  close(): void;
}

/** Listens on the metrics port of the config; `null` if metrics have no port of their own. */
export const startMetricsServer = async (
  { metrics: { host = '127.0.0.1', port, token } }: Config,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<MetricsServer | null> => {
  if (port === undefined) return null;
  const hosts = { open: token === undefined && isLoopback(host), origins: [] };
  const server = createServer({ requestTimeout: 8000, headersTimeout: 5000 }, (request, response) => {
    setSecurityHeaders(response);
    const misdirection = misdirectionOf(request, hosts);
    if (misdirection !== null) sendJson(response, misdirection.status, misdirection.body);
    else if (request.url?.split('?')[0] === '/metrics') answer(request, response);
    else sendJson(response, 404, refusalBody('BAD_USER_INPUT', 'Not found. The metrics are at /metrics.'));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port, // a TCP server's address is never a string
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
