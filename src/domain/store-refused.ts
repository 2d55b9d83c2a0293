/** The shared store was reached and refused, with a code of its own, such as OOM. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';

  constructor(readonly word: string) {
    super(`Redis could not be asked: ${word}`);
  }
}

/** The words for a failure of the shared store: the end of a sentence that begins with its name. */
export const befallen = (error: unknown, otherwise: string): string =>
  error instanceof StoreRefused ? `refuses (${error.word}).` : otherwise;
