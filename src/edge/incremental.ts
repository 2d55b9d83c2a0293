import { useDeferStream } from '@graphql-yoga/plugin-defer-stream';
import { GraphQLDeferDirective, GraphQLStreamDirective } from '@graphql-tools/utils';
import {
  type ExecutionResult,
  GraphQLError,
  GraphQLSchema,
  OperationTypeNode,
  type ValidationRule,
  visit,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { oncePerSchema } from './per-schema.js';

type Path = readonly (string | number)[];

/** A part postponed by `@defer` (`data`) or `@stream` (`items`). */
interface Piece {
  readonly path?: Path;
  readonly data?: unknown;
  readonly items?: readonly unknown[] | null;
  readonly errors?: readonly GraphQLError[];
}

/** One payload of an answer in parts. */
export interface Incremental extends ExecutionResult {
  readonly incremental?: readonly Piece[];
  readonly hasNext?: boolean;
}

/** The executor's own type of a part does not match its `items`. */
export const asIncremental = (part: object): Incremental => part;

export const isLast = ({ hasNext }: Incremental): boolean => hasNext === false;

const reaches = (data: unknown, path: Path): boolean => {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, key)) return false;
  return reaches(Object.getOwnPropertyDescriptor(data, key)?.value, rest);
};

const startsWith = (path: Path, start: Path): boolean => start.every((key, index) => path[index] === key);

/** Whether it contains the field at that path. Items begin at the index that ends their path. */
const holds = ({ path = [], data, items }: Piece, at: Path): boolean => {
  if (items === undefined || items === null) return startsWith(at, path) && reaches(data, at.slice(path.length));
  const list = path.slice(0, -1);
  const [index, ...rest] = at.slice(list.length);
  const place = Number(index) - Number(path.at(-1));
  return startsWith(at, list) && place >= 0 && place < items.length && reaches(items[place], rest);
};

/**
 * Adds each error to the part of the payload that contains its field; `left` are those whose field is still to come.
 */
export const addErrors = (
  payload: Incremental,
  errors: readonly GraphQLError[],
): { readonly whole: Incremental; readonly left: readonly GraphQLError[] } => {
  let left = errors;
  const take = (piece: Piece): readonly GraphQLError[] => {
    const mine = left.filter(({ path = [] }) => holds(piece, path));
    left = left.filter((error) => !mine.includes(error));
    return mine;
  };
  const add = <T extends { readonly errors?: readonly GraphQLError[] }>(to: T, more: readonly GraphQLError[]): T =>
    more.length === 0 ? to : { ...to, errors: [...(to.errors ?? []), ...more] };
  const top = payload.data === undefined ? [] : take({ data: payload.data });
  const { incremental } = payload;
  const whole = add(
    incremental === undefined
      ? payload
      : { ...payload, incremental: incremental.map((piece) => add(piece, take(piece))) },
    top,
  );
  return { whole, left };
};

/** The events of a subscription already come one by one, and `@defer` inside one would give an event no last part. */
const noPartsOfEvents: ValidationRule = (context) => ({
  OperationDefinition: (operation) => {
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
    for (const definition of [operation, ...context.getRecursivelyReferencedFragments(operation)]) {
      visit(definition, {
        Directive: (node) => {
          const { value: name } = node.name;
          if (name !== 'defer' && name !== 'stream') return;
          context.reportError(new GraphQLError(`@${name} cannot be used in a subscription.`, { nodes: node }));
        },
      });
    }
  },
});

/** The schema with `@defer` and `@stream`; the plugin would make one for each gateway. */
export const toIncremental = oncePerSchema((schema) => {
  const directives = [...schema.getDirectives(), GraphQLDeferDirective, GraphQLStreamDirective];
  return new GraphQLSchema({ ...schema.toConfig(), directives });
});

/**
 * `@defer` and `@stream`, for direct callers of this gateway. They are added to the served schema, not to the printed
 * one, because a subgraph has neither. Errors in later parts are masked like all others.
 */
export const useIncremental = (maskError: (error: unknown) => Error): readonly Plugin[] => {
  const mask = (error: GraphQLError): GraphQLError => {
    const masked = maskError(error);
    return masked instanceof GraphQLError ? masked : new GraphQLError(masked.message);
  };
  const masking: Plugin = {
    onValidate: ({ addValidationRule }) => addValidationRule(noPartsOfEvents),
    onExecute: () => ({
      onExecuteDone: ({ result }) => {
        if (!(Symbol.asyncIterator in result)) return undefined;
        return {
          onNext: ({ result: part, setResult }) => {
            const { incremental, ...rest } = asIncremental(part);
            if (incremental === undefined) return;
            const masked = incremental.map((piece) =>
              piece.errors === undefined ? piece : { ...piece, errors: piece.errors.map(mask) },
            );
            setResult({ ...rest, incremental: masked } as ExecutionResult); // more than GraphQL's own type has
          },
        };
      },
    }),
  };
  return [useDeferStream(), masking];
};
