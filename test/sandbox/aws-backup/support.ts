import { BackupClient, type CopyJob, ListCopyJobsCommand, type ListCopyJobsCommandInput } from '@aws-sdk/client-backup';
import { createHash, createHmac } from 'node:crypto';
import {
  type AwsBackupSandboxOptions,
  awsBackupSandboxCredentials,
  startAwsBackupSandbox,
} from '../../../src/sandbox/aws-backup/server.js';
import { closing } from '../../support/closing.js';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** A Saturday afternoon; any other time has to do as well. */
export const noon = Date.UTC(2026, 10, 21, 13, 30);

const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
const sha256 = (data: string): string => createHash('sha256').update(data).digest('hex');

/**
 * Signs by AWS's description of the process, so that the SDK is not the only witness.
 * The path must be plain and the query sorted and encoded already.
 */
export const signedHeaders = (
  url: string,
  { at = Date.now(), region = 'us-east-1', service = 'backup', method = 'GET', body = '' } = {},
) => {
  const { host, pathname, search } = new URL(url);
  const stamp = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${stamp.slice(0, 8)}/${region}/${service}/aws4_request`;
  const headers = `host:${host}\nx-amz-date:${stamp}\n\nhost;x-amz-date`;
  const canonical = `${method}\n${pathname}\n${search.slice(1)}\n${headers}\n${sha256(body)}`;
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${awsBackupSandboxCredentials.secretAccessKey}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(canonical)}`).toString('hex');
  const credential = `${awsBackupSandboxCredentials.accessKeyId}/${scope}`;
  return {
    'x-amz-date': stamp,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  };
};

/** The request and the answer of one call, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** A sandbox whose clock the test moves, and the real SDK in front of it. */
export const startSandbox = async (options: AwsBackupSandboxOptions = {}) => {
  const clock = { now: noon };
  const sandbox = closing(await startAwsBackupSandbox({ now: () => clock.now, ...options }));
  const region = options.region ?? 'us-east-1';
  const clientWith = (credentials = awsBackupSandboxCredentials, clientRegion = region): BackupClient => {
    const client = new BackupClient({
      endpoint: sandbox.url,
      region: clientRegion,
      credentials: { ...credentials }, // the SDK writes into what it is given
      maxAttempts: 1,
    });
    closing({ close: async () => client.destroy() });
    return client;
  };
  const client = clientWith();
  const exchanges: Exchange[] = [];
  client.middlewareStack.add(
    (next) => (args) => {
      // The SDK types it as unknown; at this step it is the signed HTTP request.
      exchanges.push({ ...(args.request as Exchange) });
      return next(args);
    },
    { step: 'deserialize', priority: 'low' },
  );

  /** Sends a signed request once more by plain fetch, with some of it changed. */
  const resend = (
    changes: { target?: string; headers?: Record<string, string>; method?: string; body?: string } = {},
  ) => {
    const last = exchanges.at(-1);
    if (last === undefined) throw new Error('nothing was sent yet');
    const query = Object.entries(last.query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
    const target = changes.target ?? `${last.path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
    return fetch(`${sandbox.url}${target}`, {
      method: changes.method ?? last.method,
      headers: { ...last.headers, ...changes.headers },
      ...(changes.body !== undefined && { body: changes.body }),
    });
  };

  const list = async (filters: ListCopyJobsCommandInput = {}): Promise<CopyJob[]> => {
    const jobs: CopyJob[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new ListCopyJobsCommand({
          MaxResults: 1000,
          ...filters,
          ...(nextToken !== undefined && { NextToken: nextToken }),
        }),
      );
      jobs.push(...(page.CopyJobs ?? []));
      nextToken = page.NextToken;
    } while (nextToken !== undefined);
    return jobs;
  };

  /** The jobs created in the last so many hours. */
  const recent = (hours: number, filters: ListCopyJobsCommandInput = {}) =>
    list({ ByCreatedAfter: new Date(clock.now - hours * hourMs), ...filters });

  /** Sends a request the SDK would not make. */
  const raw = (target: string, { method = 'GET', body = '' } = {}) =>
    fetch(`${sandbox.url}${target}`, {
      method,
      headers: signedHeaders(`${sandbox.url}${target}`, { region, method, body }),
      ...(body !== '' && { body }),
    });

  return { sandbox, raw, client, clientWith, clock, exchanges, resend, list, recent };
};

/** How often each word comes. */
export const tally = <T>(items: readonly T[], word: (item: T) => string | undefined): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[String(word(item))] = (counts[String(word(item))] ?? 0) + 1;
  return counts;
};

export const idsOf = (jobs: readonly CopyJob[]): string[] => jobs.map(({ CopyJobId }) => String(CopyJobId)).sort();
