import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLBoolean,
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../src/domain/principal.js';
import { useSharedEvents } from '../../../src/edge/shared-events.js';

interface Carried {
  readonly request: Request;
}

const anyone: Principal = { name: 'board', scopes: new Set(['copy:read']), upstreams: null, expiresAt: null };

/** Subscriptions to the same events, whose fields count how often they are asked for. */
const play = () => {
  const asked = { size: 0, called: 0 };
  const events = [{}, {}];
  const cost = (weight: number) => ({ directives: [{ name: 'cost', args: { weight } }] });
  const Moved = new GraphQLObjectType({
    name: 'Moved',
    fields: {
      size: { type: GraphQLInt, resolve: () => (asked.size += 1) },
      called: { type: GraphQLInt, extensions: cost(11), resolve: () => (asked.called += 1) },
    },
  });
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { any: { type: GraphQLBoolean } } }),
    subscription: new GraphQLObjectType({
      name: 'Subscription',
      fields: {
        moved: {
          type: Moved,
          args: { least: { type: GraphQLInt } },
          extensions: cost(21),
          subscribe: async function* () {
            yield* events;
          },
          resolve: (event: unknown) => event,
        },
      },
    }),
  });
  const principals = new WeakMap<Request, Principal>();
  const plugin = useSharedEvents({ principalOf: (request) => principals.get(request) ?? anyone, maxPageSize: 500 });
  /** `null` where it is left to the standard way. */
  const subscribe = async (document: ReturnType<typeof parse>, variableValues = {}, principal = anyone) => {
    const request = new Request('http://gateway');
    principals.set(request, principal);
    const args: ExecutionArgs & { contextValue: Carried } = {
      schema,
      document,
      variableValues,
      contextValue: { request },
    };
    const own: ((args: ExecutionArgs) => Promise<AsyncIterable<ExecutionResult>>)[] = [];
    const setSubscribeFn = (given: (typeof own)[number]): void => void own.push(given);
    // Of what it is given, the plugin uses these two.
    await plugin.onSubscribe?.({ args, setSubscribeFn } as never);
    return (await own[0]?.(args)) ?? null;
  };
  return { asked, subscribe };
};

const readInTurns = async (streams: readonly (AsyncIterable<ExecutionResult> | null)[]) => {
  const readers = streams.map((stream) => {
    if (stream === null) throw new Error('left to the standard way');
    return stream[Symbol.asyncIterator]();
  });
  const seen: ExecutionResult[][] = readers.map(() => []);
  for (let open = true; open;) {
    const steps = await Promise.all(readers.map((reader) => reader.next()));
    open = steps.some(({ done }) => done !== true);
    steps.forEach(({ done, value }, index) => done !== true && seen[index]?.push(value));
  }
  return seen;
};

const query = parse('subscription ($least: Int) { moved(least: $least) { size } }');

describe('equal events of streams', () => {
  it('are answered once where the same is asked, and written once', async () => {
    const { asked, subscribe } = play();
    const seen = await readInTurns(await Promise.all([subscribe(query), subscribe(query), subscribe(query)]));
    expect(seen.map((results) => results.map(({ data }) => data?.['moved']))).toEqual(
      Array.from({ length: 3 }, () => [{ size: 1 }, { size: 2 }]),
    );
    expect(asked.size).toBe(2);
    expect(seen[0]?.[0]).toBe(seen[1]?.[0]);
    expect(seen[0]?.[0]).toHaveProperty('stringify');
  });

  it.each<[string, Readonly<Record<string, unknown>>, Principal]>([
    ['other variables', { least: 5 }, anyone],
    ['other rights', {}, { ...anyone, scopes: new Set(['copy:read', 'copy:cancel']) }],
    ['other upstreams to see', {}, { ...anyone, upstreams: new Set(['dc-east']) }],
  ])('are answered apart for %s', async (_what, variables, principal) => {
    const { asked, subscribe } = play();
    const streams = await Promise.all([subscribe(query), subscribe(query, variables, principal)]);
    await readInTurns(streams);
    expect(asked.size).toBe(4);
  });

  it('are answered apart where another document asks', async () => {
    const { asked, subscribe } = play();
    await readInTurns(await Promise.all([subscribe(query), subscribe(parse('subscription { moved { size } }'))]));
    expect(asked.size).toBe(4);
  });

  it('are left to the standard way where a field calls an upstream, which each pays for itself', async () => {
    const { subscribe } = play();
    expect(await subscribe(parse('subscription { moved { size called } }'))).toBeNull();
  });
});
