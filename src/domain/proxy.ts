/** A proxy that tunnels by `CONNECT`. */
export interface Proxy {
  readonly protocol: 'http:' | 'https:'; // the protocol to the proxy itself
  readonly hostname: string; // without brackets
  readonly port: number;
  /** Its URL as it may be shown: without user name and password. */
  readonly origin: string;
  /** Name and password with a colon between them; `null` if the URL has none. */
  readonly credentials: string | null;
  /** The parts that must not be shown, as they are and as the URL encodes them. */
  readonly secrets: readonly string[];
}

/** Picks the proxy for a URL; `null`: none. */
export type ProxyFor = (url: string) => Proxy | null;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // the percent sign is meant literally
  }
};

/** Parses the URL of a proxy. Without a protocol it is `http`, as with curl. `null` for a text that is no proxy URL. */
export const toProxy = (text: string): Proxy | null => {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (/\s/.test(text) || !URL.canParse(whole)) return null;
  const { protocol, hostname, port, origin, pathname, search, hash, username, password } = new URL(whole);
  if ((protocol !== 'http:' && protocol !== 'https:') || pathname !== '/' || search !== '' || hash !== '') return null;
  const [user, word] = [decoded(username), decoded(password)];
  const hasUser = username !== '' || password !== '';
  return {
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port),
    origin,
    credentials: hasUser ? `${user}:${word}` : null,
    secrets: [word, password].filter((secret) => secret !== ''),
  };
};
