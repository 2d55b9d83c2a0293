import { integer, type Wire } from './json.js';
import { integerOf, listOf } from './query.js';
import { Refusal, unknown } from './refusal.js';
import type { Call, Reply, Route } from './route.js';
import type { Source } from './source.js';
import type { Estate } from './estate.js';

const childrenOf = ({ sourceById }: Estate, parent: Source): readonly Source[] =>
  [...sourceById.values()].filter(({ parentId }) => parentId === parent.id);

/** A node with the requested number of levels below it. */
const nodeOf = (
  estate: Estate,
  source: Source,
  levels: number,
  page: (children: readonly Source[]) => readonly Source[],
): Wire => ({
  protectionSource: source.wire,
  logicalSize: integer(source.sizeBytes),
  ...(source.parentId === null
    ? { registrationInfo: { accessInfo: { endpoint: source.name }, authenticationStatus: 'kFinished' } }
    : {}),
  ...(levels > 0
    ? { nodes: page(childrenOf(estate, source)).map((child) => nodeOf(estate, child, levels - 1, page)) }
    : {}),
});

const trees = ({ world: { estate }, query }: Call): Reply => {
  const id = integerOf(query, 'id') ?? integerOf(query, 'nodeId');
  const levels = integerOf(query, 'numLevels');
  const environments = listOf(query, 'environments');
  if (id === undefined && levels === undefined) {
    throw new Refusal(500, 'KInternalError', 'Only one level must be queried if no entity is specified in the arg.');
  }
  const after = integerOf(query, 'afterCursorEntityId') ?? 0;
  const before = integerOf(query, 'beforeCursorEntityId') ?? Infinity;
  const size = integerOf(query, 'pageSize');
  const page = (children: readonly Source[]) =>
    children.filter((child) => child.id > after && child.id < before).slice(0, size);
  const root = id === undefined ? undefined : estate.sourceById.get(id);
  if (id !== undefined && root === undefined) throw unknown(`Entity with id ${id}`);
  const roots = (root === undefined ? estate.roots : [root]).filter(
    ({ environment }) => environments?.includes(environment) ?? true,
  );
  return { status: 200, body: roots.map((source) => nodeOf(estate, source, levels ?? 1, page)) };
};

/** The trees above the protected objects. */
export const sourceRoutesV1: readonly Route[] = [
  { method: 'GET', path: '/irisservices/api/v1/public/protectionSources', answer: trees },
];
