import type { IncomingMessage } from 'node:http';

/**
 * Whether `Host` names a host, or is not there at all. From what is none, no URL can be made, and what is below us tells
 * the caller so with a stack.
 */
export const namesHost = ({ headers: { host } }: IncomingMessage): boolean =>
  host === undefined || (/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.test(host) && URL.canParse(`http://${host}`));

/** Whether a page is of a listed origin, which is where a browser says it is from. */
export const isListedOrigin = (origin: string | undefined, origins: readonly string[]): origin is string =>
  origin !== undefined && origins.includes(origin);

/**
 * Whether a page may open a WebSocket: one of this host, or of a listed origin. A browser lets every page open one to
 * anywhere, and says where the page is from; a program that is no browser sends no `Origin`.
 */
export const isWelcomeOrigin = ({ headers }: IncomingMessage, origins: readonly string[]): boolean => {
  const { origin, host } = headers;
  if (origin === undefined || isListedOrigin(origin, origins)) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: from } = new URL(origin);
  // A proxy may have taken off TLS, so only the host is compared; each without its scheme's own port.
  const own = `${protocol}//${host}`;
  return from !== '' && URL.canParse(own) && new URL(own).host === from;
};
