/** The caller may not do or see something. The message names the obstacle; the caller sees it. */
export class ForbiddenError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ForbiddenError';
  }
}

/** The refusal of a field whose scopes the caller lacks. */
export const lackOfScope = (field: string, missing: readonly string[]): ForbiddenError =>
  new ForbiddenError(`${field} needs the scope ${missing.join(' and ')}, which you do not have.`);
