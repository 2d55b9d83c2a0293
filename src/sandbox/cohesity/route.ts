import type { World } from './world.js';

/** One call, for its handler. */
export interface Call {
  readonly world: World;
  readonly query: URLSearchParams;
  /** The named segments of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The parsed JSON body; `undefined` if there was none. */
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  /** Absent: an empty answer. */
  readonly body?: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** In the form of the contract: `/v2/data-protect/failover/{id}`. */
  readonly path: string;
  readonly answer: (call: Call) => Reply;
}

const pattern = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray per cent sign: an id that does not exist
  }
};

/** A table of routes: returns those that match a path, with any method. A fixed segment comes before a named one. */
export const createRouter = (routes: readonly Route[]) => {
  const table = routes
    .map((route) => ({ route, expression: pattern(route.path), holes: route.path.split('{').length }))
    .sort((a, b) => a.holes - b.holes);
  return (path: string): readonly { readonly route: Route; readonly params: Readonly<Record<string, string>> }[] =>
    table.flatMap(({ route, expression }) => {
      const groups = expression.exec(path);
      if (groups === null) return [];
      return [
        {
          route,
          params: Object.fromEntries(Object.entries(groups.groups ?? {}).map(([name, value]) => [name, decode(value)])),
        },
      ];
    });
};
