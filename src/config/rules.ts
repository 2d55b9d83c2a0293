import { isLoopback } from '../domain/loopback.js';
import { pathOf, type Problem } from './problem.js';
import { isMapping } from '../domain/mapping.js';

const member = (value: unknown, key: string): unknown => (isMapping(value) ? value[key] : undefined);
const listAt = (value: unknown, key: string): readonly unknown[] => {
  const list = member(value, key);
  return Array.isArray(list) ? list : [];
};

/** A problem for each value that an earlier one of the list has too. */
const repeated = (list: readonly unknown[], listPath: readonly string[], key: string): Problem[] => {
  const values = list.map((item) => {
    const value = member(item, key);
    return key === 'sha256' && typeof value === 'string' ? value.toLowerCase() : value; // as it is compared
  });
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    if (value === undefined || first === index) return [];
    return [{ path: pathOf([...listPath, index, key]), text: `is the same as ${pathOf([...listPath, first, key])}` }];
  });
};

/** What several keys must agree on. Reads data of any shape, so that these show up beside all other problems. */
export const disagreements = (data: unknown): Problem[] => {
  const upstreams = listAt(data, 'upstreams');
  const ids = upstreams.map((upstream) => member(upstream, 'id'));
  const apiKeys = listAt(member(data, 'auth'), 'apiKeys');
  const strangers = apiKeys.flatMap((key, index) =>
    listAt(key, 'upstreams').flatMap((id, position) =>
      typeof id !== 'string' || ids.includes(id)
        ? []
        : [{ path: pathOf(['auth', 'apiKeys', index, 'upstreams', position]), text: 'names no configured upstream' }],
    ),
  );
  const host = member(member(data, 'server'), 'host') ?? '127.0.0.1';
  const open = typeof host === 'string' && !isLoopback(host) && member(data, 'auth') === undefined;
  return [
    ...repeated(upstreams, ['upstreams'], 'id'),
    ...repeated(apiKeys, ['auth', 'apiKeys'], 'name'),
    ...repeated(apiKeys, ['auth', 'apiKeys'], 'sha256'),
    ...strangers,
    ...(open
      ? [
          {
            path: 'auth',
            text: 'is missing, and server.host (or HOST) is not a loopback address, so anyone could read every copy; add auth.apiKeys or auth.jwt, or listen on 127.0.0.1',
          },
        ]
      : []),
  ];
};
