import { useEffect, useState } from 'preact/hooks';

/** The state in a link to this page. Members that are missing have their initial values. */
export interface PageState {
  /** One upstream alone; absent: all. */
  readonly upstream?: string | undefined;
  /** How far back failures are counted, in hours; 24 if absent. */
  readonly hours?: string | undefined;
  /** How many days the chart has; 7 if absent. */
  readonly days?: string | undefined;
  /** The list of what failed for one category that is open. */
  readonly failed?: string | undefined;
  /** The list of copies to one target that is open; with `day`, of that day. */
  readonly target?: string | undefined;
  readonly day?: string | undefined;
  /** The record that is open, by its id. */
  readonly copy?: string | undefined;
  readonly object?: string | undefined;
  /** `objects`: the whole list of objects without a copy off site is open. */
  readonly list?: string | undefined;
}

const names = ['upstream', 'hours', 'days', 'failed', 'target', 'day', 'copy', 'object', 'list'] as const;

/** The kinds of details that can be open beside the page. */
const opened = ['failed', 'target', 'day', 'copy', 'object', 'list'] as const;

const parse = (search: string): PageState => {
  const params = new URLSearchParams(search);
  return Object.fromEntries(names.flatMap((name) => (params.get(name) ? [[name, params.get(name)]] : [])));
};

let state = parse(location.search);
const listeners = new Set<() => void>();

const tell = (): void => {
  state = parse(location.search);
  for (const listener of listeners) listener();
};
addEventListener('popstate', tell);

/** The address of this page with some of its state changed; `undefined` takes a part away. */
export const hrefOf = (change: PageState, from: PageState = state): string => {
  const next: PageState = { ...from, ...change };
  const params = new URLSearchParams(names.flatMap((name) => (next[name] ? [[name, next[name]]] : [])));
  const search = params.toString();
  return search === '' ? location.pathname : `?${search}`;
};

export const go = (change: PageState): void => {
  history.pushState(null, '', hrefOf(change));
  tell();
};

const nothingOpen: PageState = Object.fromEntries(opened.map((name) => [name, undefined]));

/** The change that opens one thing alone. */
export const only = (change: PageState): PageState => ({ ...nothingOpen, ...change });

export const isOpen = (page: PageState): boolean => opened.some((name) => page[name] !== undefined);

/** The state of the page, as it changes. */
export const usePage = (): PageState => {
  const [page, set] = useState(state);
  useEffect(() => {
    const listener = (): void => set(state);
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  return page;
};

/** One of the numbers on offer; the first where the address has another. */
export const choice = (value: string | undefined, offered: readonly number[]): number =>
  offered.find((one) => String(one) === value) ?? offered[0] ?? 0;
