import type { World } from './world.js';

/** One call as a handler sees it. */
export interface Call {
  readonly world: World;
  readonly query: URLSearchParams;
  /** The named segments of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The parsed JSON body; `undefined` when there was none. */
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  /** Absent: an empty answer. */
  readonly body?: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** As the contract writes it: `/v2/data-protect/failover/{id}`. */
  readonly path: string;
  readonly answer: (call: Call) => Reply;
}

const pattern = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray per cent sign: an id that nothing has
  }
};

/** A table of routes: answers those that fit a path, whatever their method. A fixed segment comes before a named one. */
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
