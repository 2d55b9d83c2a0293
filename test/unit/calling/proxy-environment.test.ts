import { describe, expect, it } from 'vitest';
import { proxyEnvironment } from '../../../src/calling/proxy-environment.js';
import { toProxy } from '../../../src/domain/proxy.js';

const proxied = (noProxy: string, url: string): boolean =>
  proxyEnvironment({ HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:2', NO_PROXY: noProxy })(url) !== null;

describe('NO_PROXY', () => {
  it.each<[string, string, boolean]>([
    ['', 'https://a.example.com', true],
    ['*', 'https://a.example.com', false],
    ['example.com', 'https://a.example.com', false],
    ['example.com', 'https://example.com', false],
    ['.example.com', 'https://a.example.com', false],
    ['*.example.com', 'https://a.b.example.com', false],
    ['example.com.', 'https://a.example.com', false],
    ['EXAMPLE.com', 'https://a.Example.COM', false],
    ['ample.com', 'https://example.com', true],
    ['a.example.com', 'https://example.com', true],
    ['x,  example.com', 'https://example.com', false],
    ['x example.com,', 'https://example.com', false],
    ['example.com:443', 'https://example.com', false],
    ['example.com:8443', 'https://example.com', true],
    ['example.com:8443', 'https://example.com:8443', false],
    ['10.0.0.1', 'https://10.0.0.1:8443', false],
    ['10.0.0.1:443', 'https://10.0.0.1:8443', true],
    ['10.0.0.0/8', 'https://10.9.8.7', false],
    ['10.0.0.0/8', 'https://11.0.0.1', true],
    ['10.0.0.0/8', 'https://ten.example.com', true],
    ['0.0', 'https://10.0.0.0', true],
    ['::1', 'https://[::1]:8443', false],
    ['[::1]', 'https://[::1]:8443', false],
    ['[::1]:443', 'https://[::1]:8443', true],
    ['fd00::/8', 'https://[fd12::1]', false],
    ['fd00::/8', 'https://[fe80::1]', true],
    ['10.0.0.0/99', 'https://10.0.0.1', true],
    ['http://example.com', 'https://example.com', true], // a URL is no name
  ])('%j: does %s go through the proxy? %s', (noProxy, url, expected) => {
    expect(proxied(noProxy, url)).toBe(expected);
  });
});

describe('the variables of proxies', () => {
  it.each<[NodeJS.ProcessEnv, string, string | null]>([
    [{}, 'https://a', null],
    [{ HTTPS_PROXY: 'http://p:1' }, 'https://a', 'http://p:1'],
    [{ https_proxy: 'http://p:1', HTTPS_PROXY: 'http://p:2' }, 'https://a', 'http://p:1'],
    [{ https_proxy: '', HTTPS_PROXY: 'http://p:2' }, 'https://a', 'http://p:2'],
    [{ HTTPS_PROXY: ' ' }, 'https://a', null],
    [{ HTTPS_PROXY: 'http://p:1' }, 'http://a', null],
    [{ HTTP_PROXY: 'http://p:1' }, 'https://a', null],
    [{ http_proxy: 'http://p:1' }, 'http://a', 'http://p:1'],
    [{ HTTPS_PROXY: 'p.example.com:3128' }, 'https://a', 'http://p.example.com:3128'],
    [{ HTTPS_PROXY: 'https://p/' }, 'https://a', 'https://p'],
  ])('%j lead %s to %s', (env, url, origin) => {
    expect(proxyEnvironment(env)(url)?.origin ?? null).toBe(origin);
  });

  it.each(['socks5://p:1', 'http://p:99999', 'not a proxy', 'http://p/path', '://'])('must be proxies: %s', (value) => {
    expect(() => proxyEnvironment({ https_proxy: value })).toThrow(
      'HTTPS_PROXY: (environment) must be the URL of an http or https proxy',
    );
  });
});

it.each([
  ['http://p', 'p', 80, null, []],
  ['https://p', 'p', 443, null, []],
  ['http://ada:p%40ss@p:3128', 'p', 3128, 'ada:p@ss', ['p@ss', 'p%40ss']],
  ['http://ada:100%25@p:3128', 'p', 3128, 'ada:100%', ['100%', '100%25']],
  ['http://ada@p:3128', 'p', 3128, 'ada:', []],
  ['http://[::1]:3128', '::1', 3128, null, []],
])('a proxy has its parts: %s', (url, hostname, port, credentials, secrets) => {
  const proxy = toProxy(url);
  expect(proxy).toMatchObject({ hostname, port, credentials });
  expect([...(proxy?.secrets ?? [])]).toEqual(secrets);
  expect(proxy?.origin).not.toMatch(/ada|ss|100/);
});
