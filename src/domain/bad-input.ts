/** A caller's input that cannot be used. The message names the input and what to do; the caller sees it. */
export class BadInputError extends Error {
  constructor(
    readonly argument: string, // the argument's path: `first`, `filter.startedAfter`
    message: string,
  ) {
    super(message);
    this.name = 'BadInputError';
  }
}
