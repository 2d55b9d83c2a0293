import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable, Transform, pipeline } from 'node:stream';
import { BackupClient, type BackupClientConfig } from '@aws-sdk/client-backup';
import { fromIni, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { AnswerTooLargeError } from './errors.js';

/** Where the credentials come from; absent, the SDK's default chain. */
export type AwsCredentials =
  | { readonly profile: string }
  | { readonly roleArn: string; readonly externalId?: string | undefined }
  | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string | undefined };

interface SdkOptions {
  readonly region: string;
  readonly endpoint?: string | undefined;
  readonly credentials?: AwsCredentials | undefined;
  readonly maxConcurrent: number;
  readonly maxBytes: number;
}

const toProvider = (credentials: AwsCredentials): NonNullable<BackupClientConfig['credentials']> => {
  if ('profile' in credentials) return fromIni({ profile: credentials.profile });
  if ('roleArn' in credentials) {
    const { roleArn, externalId } = credentials;
    return fromTemporaryCredentials({
      params: {
        RoleArn: roleArn,
        RoleSessionName: 'copygraph',
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
      },
    });
  }
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
};

/** Lets through so many bytes and no more; the SDK itself would read an answer of any size. */
const limitBytes = (maxBytes: number): Transform => {
  let seen = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      seen += chunk.length;
      if (seen > maxBytes) done(new AnswerTooLargeError('answer too large'));
      else done(null, chunk);
    },
  });
};

/** Node's HTTP with keep-alive and a cap on bodies. It follows no redirects. */
class CappedHttpHandler extends NodeHttpHandler {
  constructor(
    private readonly maxBytes: number,
    maxSockets: number,
  ) {
    const agent = { keepAlive: true, maxSockets };
    // No connection time-out: it would count the wait for a free socket too. Our own deadline covers the whole attempt.
    super({ httpAgent: new HttpAgent(agent), httpsAgent: new HttpsAgent(agent) });
  }

  override async handle(...parameters: Parameters<NodeHttpHandler['handle']>) {
    const result = await super.handle(...parameters);
    const body: unknown = result.response.body;
    if (body instanceof Readable) {
      // The callback is needed so that a cut connection ends as this stream's error and not as an uncaught one.
      result.response.body = pipeline(body, limitBytes(this.maxBytes), () => undefined);
    }
    return result;
  }
}

/**
 * The real SDK client, with attempts and time-outs left to our own policy: its retries know no deadline, and its
 * `requestTimeout` only warns (aws-backup.md, "The SDK, measured").
 */
export const createBackupClient = ({
  region,
  endpoint,
  credentials,
  maxConcurrent,
  maxBytes,
}: SdkOptions): BackupClient =>
  new BackupClient({
    region,
    maxAttempts: 1,
    requestHandler: new CappedHttpHandler(maxBytes, maxConcurrent),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials: toProvider(credentials) }),
  });
