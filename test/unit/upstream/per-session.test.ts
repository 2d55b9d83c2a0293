import { expect, it } from 'vitest';
import { perSession } from '../../../src/upstream/per-session.js';
import type { Session } from '../../../src/upstream/product.js';

const session: Session = { clients: Object.assign(new Map(), { hidden: new Set<string>() }), call: {}, base: null };

it('makes one value for each session, and another for a copy of it', () => {
  const own = perSession((of) => ({ of }));
  const other = perSession((of) => ({ of }));
  const copy = { ...session };
  expect(own(session)).toBe(own(session));
  expect(own(session).of).toBe(session);
  expect(own(copy).of).toBe(copy);
  expect(other(session)).not.toBe(own(session));
  expect({ ...session }).toEqual(session);
});
