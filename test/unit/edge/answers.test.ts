import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createAnswers } from '../../../src/edge/answers.js';

const query = '{ upstreams { name } }';
const principal = { name: 'ops', scopes: new Set(['copy:read'] as const), upstreams: null, expiresAt: null };

type Hook = (payload: object) => void;
type Handler = (payload: object) => unknown;

/** Answers that are cached for a second, with the test's own time and executions that end when it says so. */
const start = () => {
  const clock = { ms: 0 };
  const counts: string[] = [];
  const running: ((answer: object) => void)[] = [];
  const { plugin } = createAnswers({
    principalOf: () => principal,
    editions: { current: () => Promise.resolve('1'), advance: () => Promise.resolve() },
    keepMs: 1000,
    now: () => clock.ms,
    turnToBegin: () => undefined,
    count: (result) => counts.push(result),
    admission: { hold: () => null, isFull: () => false },
    answered: () => undefined,
    repeated: () => undefined,
  });
  const { onParams, onExecute } = plugin as Record<'onParams' | 'onExecute', Hook>; // as Yoga calls them
  const params = { query };
  onExecute({ args: { document: parse(query), contextValue: { params } } });
  const ask = async (): Promise<unknown> => {
    let handler: Handler = () => new Promise((resolve) => running.push(resolve));
    const request = new Request('http://localhost/graphql');
    onParams({
      params,
      request,
      paramsHandler: handler,
      setParamsHandler: (next: Handler) => (handler = next),
      context: {},
    });
    return handler({ context: {} });
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { clock, counts, running, ask, settled };
};

describe('a cached answer', () => {
  it('is renewed by one request before its time is up, and others get it meanwhile', async () => {
    const { clock, running, ask, settled } = start();
    const first = ask();
    await settled();
    running.shift()?.({ data: { nth: 1 } });
    expect(await first).toMatchObject({ data: { nth: 1 } });
    clock.ms = 749;
    expect(await ask()).toMatchObject({ data: { nth: 1 } });
    clock.ms = 750;
    const renewing = ask();
    await settled();
    expect(running).toHaveLength(1);
    expect(await ask()).toMatchObject({ data: { nth: 1 } });
    clock.ms = 999;
    expect(await ask()).toMatchObject({ data: { nth: 1 } });
    expect(running).toHaveLength(1);
    running.shift()?.({ data: { nth: 2 } });
    expect(await renewing).toMatchObject({ data: { nth: 2 } });
    expect(await ask()).toMatchObject({ data: { nth: 2 } });
  });

  it('is for nobody when its time is up, though its renewal has not ended', async () => {
    const { clock, counts, running, ask, settled } = start();
    const first = ask();
    await settled();
    running.shift()?.({ data: { nth: 1 } });
    await first;
    clock.ms = 900;
    const renewing = ask();
    await settled();
    clock.ms = 1000;
    const late = ask();
    await settled();
    expect(running).toHaveLength(1);
    running.shift()?.({ data: { nth: 2 } });
    expect(await Promise.all([renewing, late])).toMatchObject([{ data: { nth: 2 } }, { data: { nth: 2 } }]);
    expect(counts.filter((result) => result !== 'executed')).toEqual(['joined']);
  });
});
