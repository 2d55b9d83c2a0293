import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, type ListenOptions, type Sandbox } from '../listen.js';
import { hash } from '../random.js';
import type { World } from './call.js';
import { AwsError, commonError, limitExceeded } from './errors.js';
import { createEstate } from './estate.js';
import { awsBackupFaults, createFaults } from './faults.js';
import { type JsonObject, toJson } from './json.js';
import { createPager } from './page.js';
import { route } from './routes.js';
import { type Credentials, refusal } from './sigv4.js';
import { createStartedJobs } from './started.js';
import { longestMs } from './timeline.js';

export interface AwsBackupSandboxOptions extends ListenOptions {
  readonly seed?: number;
  readonly scale?: number;
  readonly region?: string;
  /**
   * Milliseconds since the epoch: the clock of the sample data. Signatures are checked by the real clock, as clients
   * make them.
   */
  readonly now?: () => number;
  readonly faults?: readonly string[];
}

/** The credentials of the sandbox; they are valid nowhere else. */
export const awsBackupSandboxCredentials: Credentials = {
  accessKeyId: 'AKIDSANDBOXEXAMPLE00',
  secretAccessKey: 'sandbox/not-a-secret/EXAMPLEKEY00000000',
};

/** A gateway's config of an upstream played here. */
export const awsBackupSandboxUpstream = (id: string, region: string, { url }: Pick<Sandbox, 'url'>) => ({
  id,
  kind: 'aws-backup',
  region,
  endpoint: url,
  credentials: { ...awsBackupSandboxCredentials },
});

export { awsBackupFaults };

const mostBodyBytes = 1_000_000;

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBodyBytes) throw commonError('RequestEntityTooLargeException', 'Request is too large', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** On some hosts, AWS adds an internal address to the name of an error; clients must cut it off. */
const errorType = ({ name, body }: AwsError): string =>
  hash('suffix', name, String(body.Context)) % 2 === 0
    ? `${name}:http://internal.amazon.com/coral/com.amazonaws.cryo.v2018_11_15/`
    : name;

const send = (response: ServerResponse, status: number, headers: Record<string, string>, body: string): void => {
  response.writeHead(status, {
    date: new Date(Date.now()).toUTCString(), // the clock of signatures, because clients set theirs by it
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
    'x-copygraph-sandbox': 'aws-backup',
    ...headers,
  });
  response.end(body);
};

const isStart = ({ method, url = '' }: IncomingMessage): boolean => method === 'PUT' && url.startsWith('/copy-jobs');

const toAwsError = (error: unknown): AwsError =>
  error instanceof AwsError ? error : commonError('InternalFailure', 'An internal error occurred.', 500);

const sendError = (response: ServerResponse, error: AwsError): void =>
  send(response, error.status, { 'x-amzn-errortype': errorType(error) }, toJson(error.body));

/**
 * Plays the AWS Backup API of one Region over real HTTP. Its sample data depend only on seed, scale, Region and clock.
 */
export const startAwsBackupSandbox = async (options: AwsBackupSandboxOptions = {}): Promise<Sandbox> => {
  const { seed = 1, scale = 1, region = 'us-east-1', now = Date.now } = options;
  const faults = createFaults(options.faults ?? []);
  const estate = createEstate(seed, scale, region);
  const world: World = {
    estate,
    started: createStartedJobs(),
    longestMs: longestMs(estate.lanes),
    nulls: faults.nulls,
  };
  const pager = createPager(`${seed}/${scale}/${region}`);

  const answer = async (request: IncomingMessage): Promise<JsonObject> => {
    const { method = 'GET', url: target = '/', headers } = request;
    const body = await readBody(request);
    const refused = refusal(
      { method, target, headers, body },
      { credentials: awsBackupSandboxCredentials, region, service: 'backup', now: Date.now() },
    );
    if (refused !== undefined) throw refused;
    faults.beforeCall();
    if (isStart(request) && faults.start === 'refused') throw limitExceeded();
    const [path = '/', ...query] = target.split('?');
    const { operation, path: parameters } = route(method, path);
    return operation(
      {
        world,
        now: now(),
        path: parameters,
        query: new URLSearchParams(query.join('?')),
        body: body.toString(),
      },
      pager,
    );
  };

  const delay = (response: ServerResponse): Promise<void> =>
    new Promise((resolve) => {
      if (faults.delayMs === 0) return resolve();
      const timer = setTimeout(resolve, faults.delayMs);
      response.once('close', () => clearTimeout(timer)); // the caller left, or the sandbox closes
    });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (isStart(request) && faults.start === 'reset') return void request.socket.destroy();
    const result = await answer(request).catch((error: unknown) => toAwsError(error));
    if (isStart(request) && faults.start === 'lost') return void request.socket.destroy();
    await delay(response);
    if (result instanceof AwsError) sendError(response, result);
    else if (faults.html) send(response, 502, { 'content-type': 'text/html' }, '<html><body>Bad Gateway</body></html>');
    else send(response, 200, {}, toJson(result));
  };

  return listen((request, response) => void handle(request, response), options);
};
