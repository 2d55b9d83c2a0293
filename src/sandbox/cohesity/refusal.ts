/** An error answer: thrown anywhere, written by the server as `{errorCode, message}`. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly errorCode: string,
    message: string,
  ) {
    super(message);
  }
}

export const malformedQuery = (name: string, value: string): Refusal =>
  new Refusal(400, 'KQueryParamParseError', `parsing ${name} query parameter: invalid value "${value}"`);

export const invalidBody = (message: string): Refusal => new Refusal(400, 'KValidationError', message);

/** For most missing things the vendor answers 500, not 404. */
export const unknown = (what: string): Refusal => new Refusal(500, 'KInternalError', `${what} not found`);

export const notAllowed = (message: string): Refusal => new Refusal(400, 'KInvalidRequest', message);
