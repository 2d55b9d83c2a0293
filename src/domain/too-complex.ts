/** A query whose answer would be larger than one may be. The message and the figures are shown to the caller. */
export class TooComplexError extends Error {
  constructor(
    message: string,
    readonly figures: Readonly<Record<string, number | string>>,
  ) {
    super(message);
    this.name = 'TooComplexError';
  }
}
