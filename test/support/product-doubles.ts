import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerExample } from './example-product/double.js';
import { answerAwsBackup } from './aws-backup.js';
import { answerCohesity } from './cohesity.js';
import { type PlayedJob, type PlayedRun, jobOf, runOf, toWireJob, toWireRun } from './estate.js';
import { type Reply, type Seen } from './fake.js';

/** The parts of a product that a suite for all products needs: how to play it, and its config. */
export interface ProductDouble {
  /** The config of an upstream at a URL, and the secret in it. */
  readonly config: (id: string, url: string) => { readonly id: string; readonly kind: string };
  readonly secret: string;
  /** Its answer while it has one copy for each of these starts (milliseconds). */
  readonly answer: (starts: readonly number[]) => (seen: Seen) => Reply;
  /** How it refuses whoever asks, with a text in its own form. */
  readonly refusal: (text: string) => Reply;
}

export type Answer = (seen: Seen, raw: { request: IncomingMessage; response: ServerResponse }) => Reply;

const runsAt = (starts: readonly number[]): readonly PlayedRun[] =>
  starts.map((at, index) => runOf(7, at * 1000, { endedAt: at * 1000 + 1000 + index }));

const cohesity: ProductDouble = {
  secret: 'cohesity-key-of-the-suite',
  config: (id, url) => ({ id, kind: 'cohesity', url, auth: { apiKey: cohesity.secret } }),
  answer: (starts) =>
    answerCohesity({
      runs: runsAt(starts).map(toWireRun),
      jobs: [{ id: 7, name: 'Job 7' }],
      cluster: { id: 1, name: 'suite' },
    }),
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
  answer: (starts) => answerAwsBackup({ copyJobs: jobsAt(starts).map(toWireJob), manners: { pageLimit: 2 } }),
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
