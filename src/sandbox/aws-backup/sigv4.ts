import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type AwsError, commonError } from './errors.js';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** One request as received: the target still encoded, the body as bytes. */
interface SignedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

interface Verification {
  readonly credentials: Credentials;
  readonly region: string;
  readonly service: string;
  /** Milliseconds since the epoch; the real clock, because clients sign with theirs. */
  readonly now: number;
}

const toleranceMs = 15 * 60_000;
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

const byCodeUnits = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** RFC 3986 as SigV4 requires: only unreserved characters stay. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** For every service except S3, the encoded path is normalized and encoded once more. */
const canonicalPath = (path: string): string => {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return `/${kept.map(encode).join('/')}${kept.length > 0 && path.endsWith('/') ? '/' : ''}`;
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone `%`: no client signs one, so the signature will not match
  }
};

const canonicalQuery = (query: string): string =>
  query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [encode(decode(name)), encode(decode(value))] as const;
    })
    .sort(([name, value], [otherName, otherValue]) => byCodeUnits(name, otherName) || byCodeUnits(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

const headerValue = (value: string | readonly string[] | undefined): string | undefined =>
  (typeof value === 'string' ? value : value?.join(','))?.trim().replace(/\s+/g, ' ');

/** `20261121T131002Z` in milliseconds, or undefined. */
const timeOf = (stamp: string): number | undefined => {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  if (parts === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

const invalidSignature = (message: string): AwsError => commonError('InvalidSignatureException', message, 403);
const incomplete = (message: string): AwsError => commonError('IncompleteSignatureException', message, 400);
const mismatch = (): AwsError =>
  invalidSignature(
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );

const authorizationPattern =
  /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** Checks one request's Signature Version 4; undefined if it is valid, otherwise the error to send. */
export const refusal = (request: SignedRequest, expected: Verification): AwsError | undefined => {
  const header = (name: string): string | undefined => headerValue(request.headers[name]);
  const authorization = header('authorization');
  if (authorization === undefined)
    return commonError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  const [, credential = '', signedList = '', signature = ''] = authorizationPattern.exec(authorization) ?? [];
  if (signature === '') return incomplete('Authorization header does not hold what Signature Version 4 requires.');
  const stamp = header('x-amz-date');
  const signedAt = stamp === undefined ? undefined : timeOf(stamp);
  if (stamp === undefined || signedAt === undefined)
    return incomplete("Authorization header requires existence of an 'X-Amz-Date' header.");

  const { credentials, region, service, now } = expected;
  const [accessKeyId, ...scope] = credential.split('/');
  if (accessKeyId !== credentials.accessKeyId || header('x-amz-security-token') !== undefined)
    return commonError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);
  const day = stamp.slice(0, 8);
  const [scopeDay, scopeRegion, scopeService, scopeEnd] = scope;
  if (scopeRegion !== region)
    return invalidSignature(`Credential should be scoped to a valid region, not '${scopeRegion}'.`);
  if (scopeService !== service)
    return invalidSignature(`Credential should be scoped to correct service: '${service}'.`);
  if (scopeDay !== day || scopeEnd !== 'aws4_request' || scope.length !== 4)
    return invalidSignature(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
    );

  const names = signedList.split(';');
  if (!names.includes('host') || !names.includes('x-amz-date'))
    return invalidSignature("'Host' and 'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.");
  const payload = sha256(request.body);
  if ((header('x-amz-content-sha256') ?? payload) !== payload) return mismatch();

  const at = request.target.indexOf('?');
  const [path, query] = at < 0 ? [request.target, ''] : [request.target.slice(0, at), request.target.slice(at + 1)];
  const canonical = [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    ...names.map((name) => `${name}:${header(name) ?? ''}`),
    '',
    signedList,
    payload,
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>((from, part) => hmac(from, part), `AWS4${credentials.secretAccessKey}`);
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'))) return mismatch();

  // Only after the signature, so that an old copy of a request reveals nothing about the key.
  return Math.abs(now - signedAt) > toleranceMs
    ? commonError('RequestExpired', `Signature not in time: ${stamp} is more than 15 minutes from the clock here.`, 403)
    : undefined;
};
