import { isLoopback } from '../domain/loopback.js';

/** An http or https URL without user name, password or fragment; `null` for anything else. */
export const webAddress = (value: unknown): URL | null => {
  const plain = typeof value === 'string' && /^https?:\/\/[^/@#]+(\/[^#]*)?$/i.test(value);
  return plain && !/[\s\\]/.test(value) && URL.canParse(value) ? new URL(value) : null;
};

export const trimmed = (url: URL): string => (url.origin + url.pathname).replace(/\/+$/, '');

/** Whether the connection to an address cannot be altered on the way: it uses TLS, or stays on this machine. */
export const isPrivateAddress = (value: unknown): boolean => {
  const url = webAddress(value);
  return url !== null && (url.protocol === 'https:' || isLoopback(url.hostname.replace(/^\[|\]$/g, '')));
};
