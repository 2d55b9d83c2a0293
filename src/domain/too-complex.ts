/** A query whose answer would exceed a limit. The caller sees the message and the figures. */
export class TooComplexError extends Error {
  constructor(
    message: string,
    readonly figures: Readonly<Record<string, number | string>>,
  ) {
    super(message);
    this.name = 'TooComplexError';
  }
}
