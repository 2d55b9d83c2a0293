/** Something a caller wrote that we cannot take. The message names what it was and what to do, and is shown to them. */
export class BadInputError extends Error {
  constructor(
    readonly argument: string, // where it stood: `first`, `filter.startedAfter`
    message: string,
  ) {
    super(message);
    this.name = 'BadInputError';
  }
}
