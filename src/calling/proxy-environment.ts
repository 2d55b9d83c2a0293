import { BlockList, isIP } from 'node:net';
import { type Proxy, type ProxyFor, toProxy } from '../domain/proxy.js';

/** A variable in lower case, otherwise in upper case. Empty counts as not set. */
const variable = (env: NodeJS.ProcessEnv, name: string): string =>
  (env[name] ?? '').trim() || (env[name.toUpperCase()] ?? '').trim();

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

type Excludes = (host: string, port: string) => boolean;

/**
 * One entry of `NO_PROXY`: `*`, a name with everything below it, an address, or a network such as 10.0.0.0/8. Each may
 * have a port.
 */
const excludes = (entry: string): Excludes => {
  if (entry === '*') return () => true;
  const [, network = '', bits = ''] = /^([\da-f.:]+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (isIP(network) !== 0 && Number(bits) <= (isIP(network) === 6 ? 128 : 32)) {
    const list = new BlockList();
    list.addSubnet(network, Number(bits), familyOf(network));
    return (host) => isIP(host) !== 0 && list.check(host, familyOf(host));
  }
  const [, name = entry, port = ''] = isIP(entry) === 6 ? [] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []);
  const bare = name
    .replace(/^\[|\]$/g, '')
    .replace(/^\*?\./, '')
    .replace(/\.$/, '');
  return (host, asked) =>
    (port === '' || port === asked) && (host === bare || (isIP(host) === 0 && host.endsWith(`.${bare}`)));
};

const ports: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/** Reads the proxies from the environment; throws an error that names the variable if its value is no proxy URL. */
export const proxyEnvironment = (env: NodeJS.ProcessEnv): ProxyFor & { readonly proxies: readonly Proxy[] } => {
  const proxyOf = (name: string): Proxy | null => {
    const text = variable(env, name);
    const proxy = text === '' ? null : toProxy(text);
    if (text !== '' && proxy === null)
      throw new Error(`${name.toUpperCase()}: (environment) must be the URL of an http or https proxy`);
    return proxy;
  };
  const [https, http] = [proxyOf('https_proxy'), proxyOf('http_proxy')];
  const excluded = variable(env, 'no_proxy')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(excludes);
  const proxyFor: ProxyFor = (url) => {
    const { protocol, hostname, port } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    const asked = port === '' ? (ports[protocol] ?? '') : port;
    if (excluded.some((isExcluded) => isExcluded(host, asked))) return null;
    return protocol === 'https:' ? https : http;
  };
  return Object.assign(proxyFor, { proxies: [https, http].filter((proxy) => proxy !== null) });
};
