import type { IncomingMessage, ServerResponse } from 'node:http';
import { stringify } from 'lossless-json';
import { micros } from '../../src/domain/micros.js';
import { answerExample } from './example-product/double.js';
import {
  type PlayedJob,
  type PlayedRun,
  answerJobs,
  answerRuns,
  jobOf,
  runOf,
  toWireJob,
  toWireRun,
} from './estate.js';
import { type Reply, type Seen } from './fake.js';

/** What a suite that runs for every product needs to know of one: how to play it, and how to configure it. */
export interface ProductDouble {
  /** The config of an upstream at a URL, and the secret in it. */
  readonly config: (id: string, url: string) => { readonly id: string; readonly kind: string };
  readonly secret: string;
  /** What it answers while it holds copies that began at these times (milliseconds), one each. */
  readonly answer: (starts: readonly number[]) => (seen: Seen) => Reply;
  /** How it refuses whoever asks, with a text in its own form. */
  readonly refusal: (text: string) => Reply;
}

export type Answer = (seen: Seen, raw: { request: IncomingMessage; response: ServerResponse }) => Reply;

const body = (value: unknown): Reply => ({ body: stringify(value) ?? '' });

const runsAt = (starts: readonly number[]): readonly PlayedRun[] =>
  starts.map((at, index) => runOf(7, at * 1000, { endedAt: at * 1000 + 1000 + index }));

const cohesity: ProductDouble = {
  secret: 'cohesity-key-of-the-suite',
  config: (id, url) => ({ id, kind: 'cohesity', url, auth: { apiKey: cohesity.secret } }),
  answer: (starts) => {
    const runs = runsAt(starts);
    return (seen) => {
      if (seen.path.endsWith('/cluster')) return body({ id: 1, name: 'suite' });
      if (seen.path.endsWith('/protectionJobs')) return body([{ id: 7, name: 'Job 7' }]);
      const number = (name: string) => (seen.query.has(name) ? Number(seen.query.get(name)) : undefined);
      const query = {
        jobId: seen.query.get('jobId') ?? undefined,
        startedTimeUsecs: seen.query.get('startedTimeUsecs') ?? undefined,
        startTimeUsecs: number('startTimeUsecs'),
        endTimeUsecs: number('endTimeUsecs'),
        numRuns: number('numRuns'),
      };
      return body(answerRuns(runs, query).map((run) => toWireRun(run, query)));
    };
  },
  refusal: (message) => ({ status: 403, body: { errorCode: 'KForbidden', message } }),
};

const jobsAt = (starts: readonly number[]): readonly PlayedJob[] =>
  starts.map((at, index) => jobOf(`J${index}`, at * 1000));

const awsBackup: ProductDouble = {
  secret: 'aws-secret-key-of-the-suite',
  config: (id, url) => ({
    id,
    kind: 'aws-backup',
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId: 'AKIDSUITE', secretAccessKey: awsBackup.secret },
    timeoutMs: 20_000,
  }),
  answer: (starts) => {
    const jobs = jobsAt(starts);
    return ({ path, query }) => {
      if (!/^\/copy-jobs\/?$/.test(path)) {
        const one = jobs.find(({ id }) => path === `/copy-jobs/${id}`);
        return one === undefined ? { status: 404, body: '' } : body({ CopyJob: toWireJob(one) });
      }
      const at = (name: string) => (query.has(name) ? micros(Date.parse(query.get(name) ?? '') * 1000) : undefined);
      const asked = {
        createdAfter: at('createdAfter'),
        createdBefore: at('createdBefore'),
        maxResults: query.has('maxResults') ? Number(query.get('maxResults')) : undefined,
        nextToken: query.get('nextToken') ?? undefined,
      };
      const page = answerJobs(jobs, asked, { pageLimit: 2 });
      return body({
        CopyJobs: page.jobs.map(toWireJob),
        ...(page.nextToken === null ? {} : { NextToken: page.nextToken }),
      });
    };
  },
  refusal: (message) => ({
    status: 403,
    headers: { 'x-amzn-errortype': 'AccessDeniedException' },
    body: { Code: 'AccessDenied', Message: message },
  }),
};

const example: ProductDouble = {
  secret: 'example-passphrase-of-the-suite',
  config: (id, url) => ({ id, kind: 'example', url, auth: { passphrase: example.secret }, timeoutMs: 20_000 }),
  answer: (starts) =>
    answerExample(() => starts.map((begun, no) => ({ no, disk: `disk-${no}`, phase: 'copying', begun }))),
  refusal: (text) => ({ status: 401, body: { text } }),
};

/** The double of each product, by its word in the config. */
export const productDoubles: Readonly<Record<string, ProductDouble>> = {
  cohesity,
  'aws-backup': awsBackup,
  example,
};
