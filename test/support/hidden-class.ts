import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';

/** Whether V8 gives two objects the same hidden class; the flag is set at run time, so that tests need none to start. */
export const haveSameHiddenClass = (a: object, b: object): boolean => {
  setFlagsFromString('--allow-natives-syntax');
  return (runInThisContext('(a, b) => %HaveSameMap(a, b)') as (a: object, b: object) => boolean)(a, b); // as written
};
