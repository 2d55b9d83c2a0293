import { expect } from 'vitest';
import type { Gateway } from './gateway.js';

/** A gateway that has withstood something still answers. */
export const expectAlive = async (gateway: Gateway): Promise<void> => {
  expect(await gateway.execute('{ __typename }')).toMatchObject({ status: 200, data: { __typename: 'Query' } });
};
