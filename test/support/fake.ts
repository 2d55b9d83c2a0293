import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as a fake upstream saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string; // without the query
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a fake answers: a status with a body (text is sent as it is), or `null` to let the handler answer itself. */
export type Reply = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
} | null;

export interface Fake {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** The requests as `GET /path?query`, in the order they came. */
  requests(): readonly string[];
  close(): Promise<void>;
}

/** A server on loopback that answers what the test says and keeps what it was asked. */
export const startFake = async (
  answer: (request: Seen, raw: { request: IncomingMessage; response: ServerResponse }) => Reply | Promise<Reply>,
  at = 0, // a port; the kernel chooses otherwise
): Promise<Fake> => {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://fake');
      const one: Seen = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      seen.push(one);
      void Promise.resolve(answer(one, { request, response })).then((reply) => {
        if (reply === null) return;
        const { status = 200, headers = {}, body = '' } = reply;
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    requests: () => seen.map(({ method, path, query }) => `${method} ${path}${query.size === 0 ? '' : `?${query}`}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const V1 = '/irisservices/api/v1/public';

export interface FakeCohesityData {
  readonly runs?: unknown; // what `protectionRuns` answers; a function of the request narrows it
  readonly jobs?: unknown;
  readonly sources?: unknown;
  readonly cluster?: unknown;
}

const valueOf = (value: unknown, request: Seen): unknown => (typeof value === 'function' ? value(request) : value);

/** A Cohesity cluster that takes the API key `key` and answers fixed data. Bodies given as text keep large integers. */
export const startFakeCohesity = ({
  runs = [],
  jobs = [],
  sources = [],
  cluster = {},
}: FakeCohesityData): Promise<Fake> =>
  startFake((request) => {
    if (request.path === `${V1}/protectionRuns`) return { body: valueOf(runs, request) };
    if (request.path === `${V1}/protectionJobs`) return { body: valueOf(jobs, request) };
    if (request.path === `${V1}/protectionSources/objects`) return { body: valueOf(sources, request) };
    if (request.path === `${V1}/cluster`) return { body: valueOf(cluster, request) };
    return { status: 404, body: { errorCode: 'KEntityNotExistsError', message: 'no such path' } };
  });

/** An AWS Backup endpoint that answers `ListCopyJobs` with these jobs and `DescribeCopyJob` with the one of that id. */
export const startFakeAwsBackup = (jobs: readonly { readonly CopyJobId?: string }[]): Promise<Fake> =>
  startFake((request) => {
    if (/^\/copy-jobs\/?$/.test(request.path)) return { body: { CopyJobs: jobs } };
    const id = decodeURIComponent(request.path.replace(/^\/copy-jobs\//, ''));
    const job = jobs.find(({ CopyJobId }) => CopyJobId === id);
    return job === undefined
      ? {
          status: 400,
          headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
          body: { Code: 'ERROR_3911', Message: 'not there' },
        }
      : { body: { CopyJob: job } };
  });

/** The config of a fake of each kind, under the ids `dc-east` and `aws-prod`. */
export const cohesityAt = ({ url }: { readonly url: string }) =>
  ({ id: 'dc-east', kind: 'cohesity', url, auth: { apiKey: 'key' } }) as const;

export const awsBackupAt = ({ url }: { readonly url: string }) =>
  ({
    id: 'aws-prod',
    kind: 'aws-backup',
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId: 'AKIDFAKE', secretAccessKey: 'fake-secret' },
    timeoutMs: 20_000, // as the other's: a busy machine may take longer than AWS does
  }) as const;
