import type { JsonObject } from './json.js';

/** An answer that is an error, by the name AWS gives it. */
export class AwsError extends Error {
  override readonly name: string;
  readonly status: number;
  readonly body: JsonObject;

  constructor(name: string, status: number, body: JsonObject) {
    super(name);
    this.name = name;
    this.status = status;
    this.body = body;
  }
}

/** An error of the service's own model: `Message` with a capital, and three more members. */
const modelled = (name: string, message: string, context: string | undefined, status = 400): AwsError =>
  new AwsError(name, status, {
    Code: name,
    Message: message,
    Type: status < 500 ? 'Client' : 'Service',
    Context: context,
  });

/** An error common to all of AWS: only `message`, in lower case. */
export const commonError = (name: string, message: string, status: number): AwsError =>
  new AwsError(name, status, { message });

/** The documented status is 400, not 404. */
export const notFound = (message: string, context?: string): AwsError =>
  modelled('ResourceNotFoundException', message, context);
export const invalidParameter = (message: string, context?: string): AwsError =>
  modelled('InvalidParameterValueException', message, context);
export const missingParameter = (message: string, context?: string): AwsError =>
  modelled('MissingParameterValueException', message, context);
export const invalidRequest = (message: string, context?: string): AwsError =>
  modelled('InvalidRequestException', message, context);
export const limitExceeded = (): AwsError =>
  modelled('LimitExceededException', 'A limit in the request has been exceeded', undefined);
export const unavailable = (): AwsError =>
  modelled(
    'ServiceUnavailableException',
    'The request failed due to a temporary failure of the server.',
    undefined,
    500,
  );
export const throttled = (): AwsError => commonError('ThrottlingException', 'Rate exceeded', 400);
export const unknownOperation = (): AwsError => commonError('UnknownOperationException', 'Unknown operation', 404);
