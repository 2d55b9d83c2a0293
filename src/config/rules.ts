import { isLoopback } from '../domain/loopback.js';
import type { NamedUpstream, ProductSection } from './key.js';
import { pathOf, type Problem } from './problem.js';
import { isMapping } from '../domain/mapping.js';

const member = (value: unknown, key: string): unknown => (isMapping(value) ? value[key] : undefined);
const listAt = (value: unknown, key: string): readonly unknown[] => {
  const list = member(value, key);
  return Array.isArray(list) ? list : [];
};

/** A problem for each value that appears earlier in the list. */
const repeated = (list: readonly unknown[], listPath: readonly string[], key: string): Problem[] => {
  const values = list.map((item) => {
    const value = member(item, key);
    return key === 'sha256' && typeof value === 'string' ? value.toLowerCase() : value; // in the form that is compared
  });
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    if (value === undefined || first === index) return [];
    return [{ path: pathOf([...listPath, index, key]), text: `is the same as ${pathOf([...listPath, first, key])}` }];
  });
};

/** The upstreams of a config, with the places that name them. */
const upstreamsIn = (data: unknown, products: readonly ProductSection[]): readonly NamedUpstream[] =>
  listAt(data, 'upstreams').flatMap((section, index) => {
    const product = products.find(({ configKind }) => configKind === member(section, 'kind'));
    const id = member(section, 'id');
    const plain = typeof id === 'string' ? [{ id, path: ['id'] }] : [];
    const made = isMapping(section) && product?.upstreamsOf !== undefined ? product.upstreamsOf(section) : plain;
    return made.map((one) => ({ id: one.id, path: ['upstreams', index, ...one.path] }));
  });

const isPlain = ({ path }: NamedUpstream): boolean => path.at(-1) === 'id' && path.length === 3;

/** A problem for each upstream that has an earlier one's id. */
const sameIds = (upstreams: readonly NamedUpstream[]): Problem[] =>
  upstreams.flatMap((one, index) => {
    const first = upstreams.findIndex(({ id }) => id === one.id);
    const earlier = upstreams[first];
    if (earlier === undefined || first === index) return [];
    const words = isPlain(one) && isPlain(earlier) ? 'is the same as' : 'makes the same id as';
    return [{ path: pathOf(one.path), text: `${words} ${pathOf(earlier.path)}` }];
  });

/** A problem for each id in a list item that no upstream has. */
const unknownIds = (
  list: readonly unknown[],
  listPath: readonly string[],
  upstreams: readonly NamedUpstream[],
): Problem[] =>
  list.flatMap((item, index) =>
    listAt(item, 'upstreams').flatMap((id, position) =>
      typeof id !== 'string' || upstreams.some((upstream) => upstream.id === id)
        ? []
        : [{ path: pathOf([...listPath, index, 'upstreams', position]), text: 'names no configured upstream' }],
    ),
  );

/** The rules between several keys. Reads data of any shape, so that these problems appear together with all others. */
export const disagreements = (data: unknown, products: readonly ProductSection[]): Problem[] => {
  const upstreams = upstreamsIn(data, products);
  const apiKeys = listAt(member(data, 'auth'), 'apiKeys');
  const notify = listAt(data, 'notify');
  const host = member(member(data, 'server'), 'host') ?? '127.0.0.1';
  const open = typeof host === 'string' && !isLoopback(host) && member(data, 'auth') === undefined;
  return [
    ...sameIds(upstreams),
    ...repeated(apiKeys, ['auth', 'apiKeys'], 'name'),
    ...repeated(apiKeys, ['auth', 'apiKeys'], 'sha256'),
    ...unknownIds(apiKeys, ['auth', 'apiKeys'], upstreams),
    ...repeated(notify, ['notify'], 'name'),
    ...unknownIds(notify, ['notify'], upstreams),
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
