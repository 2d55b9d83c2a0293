import { Readable, Transform, pipeline } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { BackupClient, type BackupClientConfig } from '@aws-sdk/client-backup';
import { fromIni, fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { traceHeaders } from '../../calling/attempt.js';
import type { Trust } from '../../calling/connector.js';
import type { ProxyFor } from '../../domain/proxy.js';
import { createAgents } from './agents.js';
import { AnswerTooLargeError } from './errors.js';

/** The source of the credentials; absent: the SDK's default chain. */
export type AwsCredentials =
  | { readonly profile: string }
  | { readonly roleArn: string; readonly externalId?: string | undefined }
  | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string | undefined };

type Provider = NonNullable<BackupClientConfig['credentials']>;

interface SdkOptions {
  readonly region: string;
  readonly endpoint?: string | undefined;
  readonly credentials?: AwsCredentials | undefined;
}

interface HandlerOptions extends Trust {
  readonly proxyFor: ProxyFor;
  readonly timeoutMs: number;
  readonly maxConcurrent: number;
  readonly maxBytes: number;
}

/**
 * Each provider gets the handler, because some ignore the caller's: SSO would bypass the proxy. Providers of instances
 * and containers call link-local addresses directly, never through a proxy. Files are read again each time, because the
 * SDK would cache them for the life of the process.
 */
const toProvider = (credentials: AwsCredentials | undefined, requestHandler: NodeHttpHandler): Provider => {
  const shared = { clientConfig: { requestHandler }, ignoreCache: true };
  if (credentials === undefined) return fromNodeProviderChain(shared);
  if ('profile' in credentials) return fromIni({ ...shared, profile: credentials.profile });
  if ('roleArn' in credentials) {
    const { roleArn, externalId } = credentials;
    return fromTemporaryCredentials({
      clientConfig: { requestHandler },
      masterCredentials: fromNodeProviderChain(shared),
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

/** Passes at most `maxBytes`; the SDK itself would read an answer of any size. */
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
  private readonly maxBytes: number;

  constructor({ maxBytes, maxConcurrent, ...network }: HandlerOptions) {
    const agents = createAgents({ ...network, maxSockets: maxConcurrent });
    // No connection timeout: it would include the wait for a free socket. Our own deadline covers the whole attempt.
    super({ httpAgent: agents.http, httpsAgent: agents.https });
    this.maxBytes = maxBytes;
  }

  override async handle(...parameters: Parameters<NodeHttpHandler['handle']>) {
    const result = await super.handle(...parameters);
    const body: unknown = result.response.body;
    if (body instanceof Readable) {
      // Without the callback, a cut connection would be an uncaught error instead of this stream's error.
      result.response.body = pipeline(body, limitBytes(this.maxBytes), () => undefined);
    }
    return result;
  }
}

/** The HTTP handlers for the endpoint and for the services that issue credentials. They outlive the client. */
interface Handlers {
  readonly endpoint: NodeHttpHandler;
  readonly credentials: NodeHttpHandler;
}

/** Only the endpoint uses the config's server name, and only its certificate must be signed by the config's file. */
export const createHandlers = (options: HandlerOptions): Handlers => {
  const { ca, serverName: _ofEndpoint, ...rest } = options;
  const trusted = ca === undefined ? {} : { ca: [...rootCertificates, ...[ca].flat()] };
  return { endpoint: new CappedHttpHandler(options), credentials: new CappedHttpHandler({ ...rest, ...trusted }) };
};

/**
 * The real SDK client. Attempts and timeouts are left to our own policy: the SDK's retries know no deadline, and its
 * `requestTimeout` only warns (aws-backup.md, "The SDK, measured").
 */
export const createBackupClient = ({ region, endpoint, credentials }: SdkOptions, handlers: Handlers): BackupClient => {
  const client = new BackupClient({
    region,
    maxAttempts: 1,
    requestHandler: handlers.endpoint,
    credentials: toProvider(credentials, handlers.credentials),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (given) => {
        const { headers } = given.request as { headers: Record<string, string> }; // the SDK's type covers all protocols
        Object.assign(headers, traceHeaders(commandName.replace(/Command$/, '')));
        return next(given);
      },
    { step: 'build', name: 'traceHeaders' },
  );
  // It copies each answer for a logger that drops it, which takes longer than parsing the answer.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
};
