/** What replicas share can be reached, and refuses: with a word of its own, such as OOM. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';

  constructor(readonly word: string) {
    super(`Redis could not be asked: ${word}`);
  }
}

/** How a failure of what replicas share is told, as the end of a sentence that begins with its name. */
export const befallen = (error: unknown, otherwise: string): string =>
  error instanceof StoreRefused ? `refuses (${error.word}).` : otherwise;
