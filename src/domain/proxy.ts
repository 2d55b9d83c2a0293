/** A proxy that tunnels by `CONNECT`. */
export interface Proxy {
  readonly protocol: 'http:' | 'https:'; // how it is spoken to itself
  readonly hostname: string; // without brackets
  readonly port: number;
  /** Its URL as it may be shown: without user name and password. */
  readonly origin: string;
  /** Name and password with a colon between them; `null` for a proxy that asks for none. */
  readonly credentials: string | null;
  /** What must not be shown of it, as it is and as the URL has it. */
  readonly secrets: readonly string[];
}

/** Which proxy leads to a URL; `null`: none. */
export type ProxyFor = (url: string) => Proxy | null;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that was meant as one
  }
};

/** A proxy by its URL, `http` where that names no protocol, as curl takes it; `null` for what is none. */
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
