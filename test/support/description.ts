import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type Json = null | boolean | number | string | Json[] | { readonly [key: string]: Json };
/** The keys that lead to a place in the description. */
export type Pointer = readonly (string | number)[];

export interface Operation {
  readonly id: string;
  readonly method: string;
  /** The segments of its path; `{name}` takes any one that is not empty. */
  readonly template: readonly string[];
  readonly at: Pointer;
}

/** An operation with the raw text of its path parameters. */
export interface FoundOperation extends Operation {
  readonly pathParameters: ReadonlyMap<string, string>;
}

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];
const isTemplate = (segment: string | undefined): boolean => segment?.startsWith('{') === true;
const nameOf = (template: string): string => template.slice(1, -1);

/** A vendor's OpenAPI description, with look-up by pointer or by request. */
export const readDescription = (vendor: 'cohesity' | 'aws-backup') => {
  const text = readFileSync(new URL(`../contract/${vendor}.openapi.yaml`, import.meta.url), 'utf8');
  const document = parse(text) as { [key: string]: Json }; // YAML without tags is JSON data, and this one a mapping

  const at = (pointer: Pointer): Json | undefined =>
    pointer.reduce<Json | undefined>((node, key) => {
      if (typeof node !== 'object' || node === null) return undefined;
      if (Array.isArray(node)) return node[Number(key)];
      return Object.hasOwn(node, key) ? node[key] : undefined;
    }, document);
  const textAt = (pointer: Pointer): string | undefined => {
    const value = at(pointer);
    return typeof value === 'string' ? value : undefined;
  };
  const keysAt = (pointer: Pointer): string[] => {
    const value = at(pointer);
    return typeof value === 'object' && value !== null ? Object.keys(value) : [];
  };
  /** Follows `$ref`s; other members beside one are remarks. */
  const target = (pointer: Pointer): Pointer => {
    const reference = textAt([...pointer, '$ref']);
    if (reference === undefined) return pointer;
    return target(
      reference
        .slice(2)
        .split('/')
        .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')),
    );
  };

  const operations: Operation[] = keysAt(['paths']).flatMap((path) =>
    keysAt(['paths', path])
      .filter((method) => methods.includes(method))
      .flatMap((method) => {
        const here = ['paths', path, method];
        const others = [textAt([...here, 'x-also-accepts-path']), textAt([...here, 'x-old-path'])];
        return [path, ...others.filter((other) => other !== undefined)].map((each) => ({
          id: textAt([...here, 'operationId']) ?? `${method} ${path}`,
          method: method.toUpperCase(),
          template: each.split('/'),
          at: here,
        }));
      }),
  );

  /** The operations whose path fits best: a literal segment goes before a `{name}`, from the left. */
  const candidates = (path: string): Operation[] => {
    const segments = path.split('/');
    const fitting = operations.filter(
      ({ template }) =>
        template.length === segments.length &&
        template.every((part, index) => (isTemplate(part) ? segments[index] !== '' : part === segments[index])),
    );
    const rank = ({ template }: Operation) => template.map((part) => (isTemplate(part) ? '1' : '0')).join('');
    const best = fitting.map(rank).sort()[0];
    return fitting.filter((operation) => rank(operation) === best);
  };

  const find = (method: string, url: string): FoundOperation | string => {
    const path = url.split('?')[0] ?? '';
    const fitting = candidates(path);
    if (fitting.length === 0) return `path ${path} is not described`;
    const operation = fitting.find((each) => each.method === method.toUpperCase());
    if (operation === undefined) return `method ${method} of ${path} is not described`;
    const parameters = new Map<string, string>();
    for (const [index, part] of operation.template.entries()) {
      if (isTemplate(part)) parameters.set(nameOf(part), path.split('/')[index] ?? '');
    }
    return { ...operation, pathParameters: parameters };
  };

  return { document, at, textAt, keysAt, target, find };
};
