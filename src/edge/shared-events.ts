import {
  type ExecutionArgs,
  type ExecutionResult,
  type OperationDefinitionNode,
  createSourceEventStream,
  execute,
  getOperationAST,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../domain/principal.js';
import { CALL_WEIGHT } from '../domain/query-cost.js';
import { coercedOf } from './coerced-variables.js';
import { costOf } from './query-cost.js';

/** The most characters of answers that are kept for subscriptions with equal events. */
const KEPT = 8_388_608;
const LONGEST_VARIABLES = 4096;

interface Carried {
  readonly request: Request;
}

type Events = AsyncIterableIterator<unknown>;

/** Numbers objects, so that a text can identify them. */
const createNumbers = () => {
  const numbers = new WeakMap<object, number>();
  let last = 0;
  return (one: object): number => {
    const number = numbers.get(one) ?? (last += 1);
    numbers.set(one, number);
    return number;
  };
};

/** Whether an event's answer needs no upstream call. */
const isOfItself = (args: ExecutionArgs, operation: OperationDefinitionNode, maxPageSize: number): boolean => {
  const { schema, document } = args;
  const variables = coercedOf(args);
  if (variables === null) return false;
  const { calls } = costOf({ schema, document, operation, variables, maxPageSize });
  return calls <= callsOfRoot(args, operation);
};

/** The calls of the subscription field itself, which its poller makes. */
const callsOfRoot = ({ schema }: ExecutionArgs, { selectionSet }: OperationDefinitionNode): number => {
  const [field] = selectionSet.selections;
  if (field?.kind !== 'Field') return -1;
  const told = schema.getSubscriptionType()?.getFields()[field.name.value]?.extensions['directives'];
  const all: readonly { readonly name?: unknown; readonly args?: { readonly weight?: unknown } }[] = Array.isArray(told)
    ? told
    : [];
  return Math.floor(Number(all.find(({ name }) => name === 'cost')?.args?.weight ?? 0) / CALL_WEIGHT);
};

/** Serializes it once, on first use. */
const withText = (result: ExecutionResult): number => {
  const text = JSON.stringify(result);
  if (result.errors === undefined) Object.defineProperty(result, 'stringify', { value: () => text });
  return text.length;
};

/**
 * Answers equal events once, for all subscriptions with the same text, variables and rights. Equal events are one
 * object. An answer that needs calls is made for each subscription, with its own budget.
 */
export const useSharedEvents = (options: {
  readonly principalOf: (request: Request) => Principal;
  readonly maxPageSize: number;
}): Plugin<Carried> => {
  const numberOf = createNumbers();
  const open = new Map<string, number>(); // subscriptions with the same text, variables and rights
  const answers = new LRUCache<string, ExecutionResult>({ maxSize: KEPT });
  const underWay = new Map<string, Promise<ExecutionResult>>();

  const kindOf = (args: ExecutionArgs, { scopes, upstreams }: Principal): string | null => {
    const variables = JSON.stringify(args.variableValues ?? {});
    if (variables.length > LONGEST_VARIABLES) return null;
    const rights = [[...scopes].sort(), upstreams === null ? null : [...upstreams].sort()];
    return JSON.stringify([numberOf(args.document), args.operationName ?? null, variables, rights]);
  };

  const answer = async (kind: string, args: ExecutionArgs, event: unknown): Promise<ExecutionResult> => {
    if (typeof event !== 'object' || event === null || (open.get(kind) ?? 0) < 2)
      return await execute({ ...args, rootValue: event });
    const key = `${numberOf(event)} ${kind}`;
    const known = answers.get(key) ?? underWay.get(key);
    if (known !== undefined) return known;
    const made = Promise.resolve(execute({ ...args, rootValue: event }));
    underWay.set(key, made);
    try {
      const result = await made;
      answers.set(key, result, { size: withText(result) });
      return result;
    } finally {
      underWay.delete(key);
    }
  };

  const join = (kind: string, args: ExecutionArgs, events: Events): AsyncIterableIterator<ExecutionResult> => {
    let joined = true;
    open.set(kind, (open.get(kind) ?? 0) + 1);
    const leave = (): void => {
      if (!joined) return;
      joined = false;
      const left = (open.get(kind) ?? 1) - 1;
      if (left > 0) open.set(kind, left);
      else open.delete(kind);
    };
    const whole: AsyncIterableIterator<ExecutionResult> = {
      next: async () => {
        try {
          const { done, value } = await events.next();
          if (done !== true) return { done: false, value: await answer(kind, args, value) };
        } catch (error) {
          leave();
          throw error;
        }
        leave();
        return { done: true, value: undefined };
      },
      return: async () => {
        leave();
        await events.return?.();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => whole,
    };
    return whole;
  };

  return {
    onSubscribe: ({ args, setSubscribeFn }) => {
      const operation = getOperationAST(args.document, args.operationName);
      if (operation === null || operation === undefined || !isOfItself(args, operation, options.maxPageSize)) return;
      const kind = kindOf(args, options.principalOf(args.contextValue.request));
      if (kind === null) return;
      setSubscribeFn(async (given: ExecutionArgs) => {
        const source = await createSourceEventStream(given);
        return Symbol.asyncIterator in source ? join(kind, given, source[Symbol.asyncIterator]() as Events) : source;
      });
    },
  };
};
