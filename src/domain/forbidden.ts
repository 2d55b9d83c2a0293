/** Something a caller may not do or see. The message says what stands in the way, and is shown to them. */
export class ForbiddenError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ForbiddenError';
  }
}

/** For a field that a caller lacks scopes for. */
export const lackOfScope = (field: string, missing: readonly string[]): ForbiddenError =>
  new ForbiddenError(`${field} needs the scope ${missing.join(' and ')}, which you do not have.`);
