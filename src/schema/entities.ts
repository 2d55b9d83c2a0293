import type { GraphQLField, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { type Addressable, loadNode, parseKnownId } from '../aggregate/node.js';
import type { Context } from '../context.js';
import { BadInputError } from '../domain/bad-input.js';
import { lackOfScope } from '../domain/forbidden.js';
import { isMapping } from '../domain/mapping.js';
import { builder } from './builder.js';
import { calls } from './cost.js';
import { CopyJobRef } from './copy-job.js';
import { CopyOperationRef } from './copy-operation.js';
import { CopyRunRef } from './copy-run.js';
import { CopySnapshotTaskRef } from './copy-snapshot-task.js';
import { FailoverRef } from './failover.js';
import { ProtectedObjectRef } from './protected-object.js';
import { ProtectionJobRef } from './protection-job.js';
import { ProtectionShellRef } from './protection-shell.js';
import { UpstreamRef } from './upstream.js';

const MOST = 100; // representations in one call

/** Never called: the resolver below takes `_entities` over. The plugin wants one to print the key. */
const resolveReference = (): never => {
  throw new Error('references are resolved by resolveEntities');
};

for (const ref of [
  CopyRunRef,
  CopySnapshotTaskRef,
  CopyJobRef,
  ProtectionShellRef,
  ProtectionJobRef,
  ProtectedObjectRef,
  FailoverRef,
  UpstreamRef,
]) {
  builder.asEntity(ref, { key: builder.selection<{ id: string }>('id'), resolveReference });
}
builder.asEntity(CopyOperationRef, { key: builder.selection<{ id: string }>('id'), resolveReference });

/** What each entity name may stand for: an interface takes the ids of all that implement it. */
const members: Readonly<Record<string, readonly string[]>> = {
  CopyOperation: ['CopyRun', 'CopySnapshotTask', 'CopyJob'],
};

const resolveEntity = async (context: Context, representation: unknown): Promise<Addressable | null> => {
  const { __typename: type, id } = isMapping(representation) ? representation : {};
  if (typeof type !== 'string' || typeof id !== 'string') {
    throw new BadInputError('representations', 'Each of representations takes a __typename and an id.');
  }
  const parsed = parseKnownId(context.clients, 'representations', id);
  // A mislabelled reference must not pass one type for another.
  const allowed = Object.hasOwn(members, type) ? members[type] : [type];
  if (allowed?.includes(parsed.type) !== true) {
    throw new BadInputError('representations', `A ${type.slice(0, 60)} has no id that begins with ${parsed.type}.`);
  }
  return loadNode(context, parsed);
};

type Resolve<Arguments = object> = GraphQLFieldResolver<unknown, Context, Arguments>;

const resolveAll: Resolve<{ readonly representations: readonly unknown[] }> = (_root, { representations }, context) => {
  if (representations.length > MOST) {
    throw new BadInputError(
      'representations',
      `representations takes at most ${MOST}; these are ${representations.length}.`,
    );
  }
  return representations.map(async (representation) => resolveEntity(context, representation));
};

/** The builder does not know the fields that federation adds to `Query`, so it does not ask for a scope there. */
const forReaders =
  <Arguments>(resolve: Resolve<Arguments>): Resolve<Arguments> =>
  (root, args, context, info) => {
    if (!context.principal.scopes.has('copy:read')) throw lackOfScope(`Query.${info.fieldName}`, ['copy:read']);
    return resolve(root, args, context, info);
  };

const fieldOf = (schema: GraphQLSchema, name: string): GraphQLField<unknown, Context> => {
  const field = schema.getQueryType()?.getFields()[name];
  if (field === undefined) throw new Error(`the schema has no ${name}`);
  return field;
};

/**
 * Our own `_entities`: the stock one gives everything up for one bad reference, and does not look whether a reference
 * is of the type it says. Here each stands for itself, and all go through the loaders together. Like all of `Query`,
 * what federation adds is for those who may read.
 */
export const resolveEntities = (schema: GraphQLSchema): GraphQLSchema => {
  const [entities, service] = [fieldOf(schema, '_entities'), fieldOf(schema, '_service')];
  if (service.resolve === undefined) throw new Error('_service has no resolver');
  entities.resolve = forReaders(resolveAll);
  // Told to nobody, since federation's own fields are in no SDL; what counts a query's cost reads it.
  entities.extensions = { ...entities.extensions, directives: [{ name: 'cost', args: { weight: calls(1).cost } }] };
  service.resolve = forReaders(service.resolve);
  return schema;
};
