import { expect } from 'vitest';
import type { Gateway } from './gateway.js';

/** A gateway that has withstood something answers at once. */
export const expectAlive = async (gateway: Gateway): Promise<void> => {
  const asked = performance.now();
  expect(await gateway.execute('{ __typename }')).toMatchObject({ status: 200, data: { __typename: 'Query' } });
  expect(performance.now() - asked).toBeLessThan(1000);
};
