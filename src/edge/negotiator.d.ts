// The package has no types, and those that others publish lack `preferred`.
declare module 'negotiator' {
  import type { IncomingMessage } from 'node:http';

  export default class Negotiator {
    constructor(request: Pick<IncomingMessage, 'headers'>);
    /** The available encoding that the caller wants most. `preferred` decides between equal ones. */
    encoding(available: readonly string[], preferred: readonly string[]): string | undefined;
  }
}
