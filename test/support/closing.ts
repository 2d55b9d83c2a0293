import { AsyncLocalStorage } from 'node:async_hooks';

interface Closable {
  close(): Promise<void>;
}

/** The open things of each test, because tests that wait may run at once. */
const open = new AsyncLocalStorage<Closable[]>();

/** Closes it when the test is over. */
export const closing = <T extends Closable>(one: T): T => {
  const store = open.getStore();
  if (store === undefined) throw new Error('closing() is for what a test opens; close the rest in afterAll()');
  store.push(one);
  return one;
};

/** Runs a test, and then closes what it opened, the newest first. */
export const closingAfter = async (runTest: () => Promise<void>): Promise<void> => {
  const opened: Closable[] = [];
  try {
    await open.run(opened, runTest);
  } finally {
    // Timers that run on keep this list, so it keeps nothing.
    for (let one = opened.pop(); one !== undefined; one = opened.pop()) await one.close();
  }
};
