import type { Session } from './product.js';

/**
 * A value that is made once for each session, such as its loaders. A copy of a session gets its own.
 *
 * It is a hidden member of the session. In a `WeakMap` it would outlive the operation: V8's frequent collections hold
 * the values of a `WeakMap` as long as the map, and with these loaders everything that they have read.
 */
export const perSession = <T extends object>(make: (session: Session) => T): ((session: Session) => T) => {
  const made = Symbol('made');
  return (session: Session & { readonly [made]?: T }) => {
    const known = session[made];
    if (known !== undefined) return known;
    const value = make(session);
    Object.defineProperty(session, made, { value }); // not enumerable, so that a copy does not share it
    return value;
  };
};
