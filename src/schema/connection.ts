import type { InterfaceRef, ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Asked } from '../aggregate/lists.js';
import type { Context } from '../assembly/context.js';
import { askedBelow } from './asked.js';
import type { Connection } from '../domain/connection.js';
import { type Page, encodeCursor } from '../domain/page.js';
import { type SchemaTypes, builder } from './builder.js';
import { usually } from './cost.js';
import { agedBelow } from './max-age.js';
import { listedRecords } from './of-record.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { UpstreamReportRef } from './upstream-report.js';

interface Edge<T> {
  readonly connection: Connection<T>;
  readonly node: T;
}

/** The page itself. A cursor is made only when a query asks for it. */
type PageInfo = Pick<Page<unknown>, 'hasNextPage' | 'hasPreviousPage'> & {
  /** The cursor of a record by its place in the page. Negative places count from the end; `null` for none there. */
  cursorAt(place: number): string | null;
};

const PageInfoRef = builder.objectRef<PageInfo>('PageInfo').implement({
  shareable: true, // another subgraph with connections has one too
  description: 'The position of a page in its list, as Relay defines it.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether more records follow. With `last`: whether `before` was given.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether records come before. Without `last`: whether `after` was given.',
    }),
    startCursor: t.string({
      nullable: true,
      description: 'The cursor of the first edge. `null` on an empty page.',
      resolve: ({ cursorAt }) => cursorAt(0),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'The cursor of the last edge. `null` on an empty page.',
      resolve: ({ cursorAt }) => cursorAt(-1),
    }),
  }),
});

type Types = SchemaTypes;

const cursorOf = <T>({ list, order, windowFrom }: Connection<T>, record: T): string =>
  encodeCursor(list, { position: order.positionOf(record), windowFrom });

/** `XConnection` and `XEdge` for a noun: `nodes`, `edges`, `pageInfo`, `totalCount` and `upstreamReports`. */
export const connectionRef = <T>(
  name: string,
  node: ObjectRef<Types, T, T> | InterfaceRef<Types, T, T>,
  records: string, // the plural of the noun, for the descriptions
) => {
  const EdgeRef = builder.objectRef<Edge<T>>(`${name}Edge`).implement({
    description: `One of the ${records} of a page, with its cursor.`,
    fields: (t) => ({
      cursor: t.string({
        description: 'Its position in the list, for `after` and `before`. Opaque, and still valid after a restart.',
        resolve: (edge) => cursorOf(edge.connection, edge.node),
      }),
      node: t.field({
        type: node,
        ...listedRecords,
        description: 'The record.',
        resolve: (edge) => edge.node as never,
      }), // T is the shape of `node`
    }),
  });
  return builder.objectRef<Connection<T>>(`${name}Connection`).implement({
    description: `A page of ${records}.`,
    fields: (t) => ({
      nodes: t.field({
        type: t.listRef(node),
        ...listedRecords,
        description: 'The records, without cursors.',
        resolve: (connection) => connection.records as never, // T is the shape of `node`
      }),
      edges: t.field({
        type: [EdgeRef],
        description: 'The records, with cursors.',
        resolve: (connection) => connection.records.map((record) => ({ connection, node: record })),
      }),
      pageInfo: t.field({
        type: PageInfoRef,
        description: 'The position of the page in the list.',
        resolve: (connection) => ({
          hasNextPage: connection.hasNextPage,
          hasPreviousPage: connection.hasPreviousPage,
          cursorAt: (place) => {
            const record = connection.records.at(place);
            return record === undefined ? null : cursorOf(connection, record);
          },
        }),
      }),
      totalCount: t.exposeInt('totalCount', {
        nullable: true,
        description:
          'The number of records in the whole list, not only in this page. `null` if an upstream could not be read whole. Reads the whole window, so ask for it only if you show it. A list of the parts of one record, such as its tasks, always counts the parts that could be read.',
      }),
      upstreamReports: t.expose('upstreamReports', {
        type: [UpstreamReportRef],
        ...usually(2),
        description:
          'Whether each upstream answered, and if not, why. If a query leaves this out, outages and other gaps are in `errors` instead.',
      }),
    }),
  });
};

/** Puts gaps into `errors` if the query does not ask for the reports: otherwise nobody would see them. */
export const tellUnseen = <T extends { readonly upstreamReports: readonly UpstreamReport[] }>(
  context: Context,
  info: GraphQLResolveInfo,
  answer: T,
): T => {
  if (!askedBelow(info).fields.has('upstreamReports')) context.tell(info, answer.upstreamReports);
  return answer;
};

/** Resolves a connection. Reads only what the query's fields need. */
export const resolveConnection = async <T>(
  context: Context,
  info: GraphQLResolveInfo,
  args: { readonly first?: number | null | undefined; readonly maxAge?: number | null | undefined },
  read: (aged: Context, asked: Asked) => Promise<Connection<T>>,
): Promise<Connection<T>> => {
  const { fields, anywhere } = askedBelow(info);
  const aged = agedBelow(context, args.maxAge, info);
  const connection = await read(aged, {
    page: fields.has('nodes') || fields.has('edges') || fields.has('pageInfo'),
    totalCount: fields.has('totalCount'),
    tasks: anywhere.has('copySnapshotTasks') || anywhere.has('protectedObject'),
    copies: anywhere.has('copyRuns'),
    posture: anywhere.has('copyPosture') || anywhere.has('copyTargets'),
  });
  return tellUnseen(context, info, connection);
};
