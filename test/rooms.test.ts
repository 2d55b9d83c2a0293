import { readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { products } from '../src/upstream/products.js';

const root = fileURLToPath(new URL('../src/', import.meta.url));

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => file.endsWith('.ts'))
  .sort();

interface Import {
  readonly from: string;
  /** The file within `src`, or the package's or Node's own name. */
  readonly to: string;
  readonly typeOnly: boolean;
  /** By `import()`. */
  readonly late: boolean;
  readonly names: readonly string[];
}

const isTypeOnly = (node: ts.ImportDeclaration | ts.ExportDeclaration): boolean => {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const { importClause: clause } = node;
  if (clause === undefined) return false;
  const bindings = clause.namedBindings;
  const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
  const eachIsType = named.length > 0 && named.every((element) => element.isTypeOnly);
  return clause.isTypeOnly || (clause.name === undefined && eachIsType);
};

const namesOf = (node: ts.ImportDeclaration | ts.ExportDeclaration): readonly string[] => {
  const bindings = ts.isExportDeclaration(node) ? node.exportClause : node.importClause?.namedBindings;
  if (bindings === undefined || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return ['*'];
  return bindings.elements.map(({ propertyName, name }) => (propertyName ?? name).text);
};

const sourceOf = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true);

/** The names that a file exports where it declares them. */
const exportsOf = (file: string): readonly string[] =>
  sourceOf(file).statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name.getText());
    const { name } = statement as ts.DeclarationStatement; // the only other statements that can be exported
    return name === undefined ? [] : [name.text];
  });

/** Everything a file takes from elsewhere, `import()` and `import('…').Type` included. */
const importsIn = (file: string): readonly Import[] => {
  const source = sourceOf(file);
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean, names: readonly string[], late = false): void => {
    const to = specifier.startsWith('.')
      ? posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts')
      : specifier;
    found.push({ from: file, to, typeOnly, late, names });
  };
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      if (ts.isStringLiteral(node.moduleSpecifier)) add(node.moduleSpecifier.text, isTypeOnly(node), namesOf(node));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      add(argument !== undefined && ts.isStringLiteral(argument) ? argument.text : 'unknown', false, ['*'], true);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, true, ['*']);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const imports = files.flatMap(importsIn);

/** The room of a file in `src`. `cli.ts` alone is beside the rooms: it is where the program begins. */
const roomOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : 'assembly');

const isOurs = ({ to }: Import): boolean => to.endsWith('.ts');
/** A product writes its part of the config in the words that all parts are written in. */
const isSectionWord = ({ from, to }: Import): boolean => roomOf(from) === 'upstream' && to === 'config/key.ts';
const isPackage = (one: Import): boolean => !isOurs(one) && !isBuiltin(one.to);

/** From the bottom up: each may import those before it. Rooms on one line may not import each other. */
const floors: readonly (readonly string[])[] = [
  ['domain'],
  ['calling'],
  ['cache'],
  ['index'],
  ['upstream'],
  ['aggregate'],
  ['failover'],
  ['live', 'watch'],
  ['schema'],
];

/** The rooms that each room may import, beside itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(floors.flatMap((floor, n) => floor.map((room) => [room, floors.slice(0, n).flat()]))),
  edge: ['domain'],
  replicas: ['domain'],
  config: ['domain'],
  sandbox: [], // so that it shares no mistake
  assembly: [...floors.flat(), 'config', 'edge', 'replicas', 'sandbox'],
};

/** Each room with all that lead to it, by the arrows of the picture in CONTRIBUTING.md. */
const drawn = (): Readonly<Record<string, readonly string[]>> => {
  const text = readFileSync(join(root, '../CONTRIBUTING.md'), 'utf8');
  const [, picture = ''] = /```mermaid\n(.*?)```/s.exec(text) ?? [];
  const chains = picture.split('\n').map((line) => line.trim().split(' --> '));
  const arrows = chains.flatMap((chain) => chain.slice(1).map((to, at) => [chain[at] ?? '', to] as const));
  const before = (room: string): readonly string[] => {
    const next = arrows.filter(([, to]) => to === room).map(([from]) => from);
    return [...new Set([...next, ...next.flatMap(before)])].sort();
  };
  return Object.fromEntries([...new Set(arrows.flat())].map((room) => [room, before(room)]));
};

const show = ({ from, to, names }: Import): string => `${from} imports ${names.join(', ')} from ${to}`;

describe('the rooms of src', () => {
  it('are those that have a rule, and the files beside them are known', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(allowed).sort());
    expect(files.filter((file) => !file.includes('/'))).toEqual(['cli.ts']);
  });

  it('are drawn in CONTRIBUTING.md as they are held here', () => {
    const held = Object.entries(allowed).map(([room, others]) => [room, [...others].sort()] as const);
    expect(drawn()).toEqual(Object.fromEntries(held));
  });

  it.each(Object.entries(allowed))('let %s import only: %j', (room, rooms) => {
    const wrong = imports
      .filter((one) => isOurs(one) && roomOf(one.from) === room && !isSectionWord(one))
      .filter(({ to }) => roomOf(to) !== room && roomOf(to) !== 'assembly' && !rooms.includes(roomOf(to)));
    expect(wrong.map(show)).toEqual([]);
  });

  it('import nothing of the files that put them together, save the schema the type Context', () => {
    const isContext = ({ to, typeOnly, names }: Import) =>
      to === 'assembly/context.ts' && typeOnly && names.join() === 'Context';
    const isConfig = ({ from, to }: Import) => roomOf(from) === 'config' && to === 'assembly/config.ts';
    const wrong = imports
      .filter((one) => isOurs(one) && roomOf(one.from) !== 'assembly' && roomOf(one.to) === 'assembly')
      .filter((one) => !(roomOf(one.from) === 'schema' && isContext(one)) && !isConfig(one));
    expect(wrong.map(show)).toEqual([]);
  });

  it('give the parts of the config to no other room', () => {
    const takers = ['assembly', 'config'];
    const wrong = imports.filter(
      (one) => isOurs(one) && roomOf(one.to) === 'config' && !takers.includes(roomOf(one.from)) && !isSectionWord(one),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it.each(['domain', 'sandbox'])('keep %s free of packages', (room) => {
    expect(imports.filter((one) => roomOf(one.from) === room && isPackage(one)).map(show)).toEqual([]);
  });

  it('keep domain free of Node too, so that it stays pure', () => {
    const wrong = imports.filter((one) => roomOf(one.from) === 'domain' && !isOurs(one));
    expect(wrong.map(show)).toEqual([]);
  });

  it('keep GraphQL out of upstream and aggregate, and HTTP and the vendors’ SDKs out of schema', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        (['upstream', 'aggregate'].includes(roomOf(from)) && /graphql|pothos/.test(to)) ||
        (roomOf(from) === 'schema' && /^undici|^@aws-sdk|^@smithy|^node:/.test(to)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it('name no product’s kind outside of its folder, its nouns and the sandbox', () => {
    const kinds = products.flatMap(({ kind, configKind }) => [kind, configKind]);
    const named = new RegExp(`['"](?:${kinds.join('|')})['"]`);
    const lawful = (file: string): boolean => /^(?:upstream|schema|sandbox)\/[^/]+\//.test(file);
    const wrong = files.filter((file) => !lawful(file) && named.test(readFileSync(join(root, file), 'utf8')));
    expect(wrong).toEqual([]);
  });

  it('ask no folder of a product for anything outside of it, its nouns and the registry, save for a record by its id', () => {
    const folder = /^upstream\/([^/]+)\//;
    const lawful = ({ from, to }: Import): boolean => {
      const [, product = ''] = folder.exec(to) ?? [];
      const own = [`upstream/${product}/`, `schema/${product}/`, 'upstream/products.ts', 'schema/load-node.ts'];
      return own.some((place) => from.startsWith(place));
    };
    expect(imports.filter((one) => folder.test(one.to) && !lawful(one)).map(show)).toEqual([]);
  });

  it('import files that are there, by the file that defines the name', () => {
    const wrong = imports.filter((one) => isOurs(one) && !files.includes(one.to));
    expect(wrong.map(show)).toEqual([]);
    expect(files.filter((file) => file.endsWith('/index.ts'))).toEqual(['schema/index.ts']);
  });

  it('load late only files of ours: in the bundled program, a CommonJS package loaded so has no named exports', () => {
    const late = imports.filter((one) => one.late && !one.to.endsWith('.ts')).map(({ to }) => to);
    expect(late).toEqual(['@graphql-yoga/render-graphiql']); // is not in the bundle
  });

  it('export only what another file uses, of src or of its tests', () => {
    const tests = fileURLToPath(new URL('.', import.meta.url));
    const elsewhere = readdirSync(tests, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
      .flatMap((file) => importsIn(posix.join('../test', file.split(sep).join('/'))));
    const used = new Set(
      [...imports, ...elsewhere].flatMap(({ to, names }) =>
        names.map((name) => `${to.replace(/^\.\.\/src\//, '')} ${name}`),
      ),
    );
    const needless = files
      .flatMap((file) => exportsOf(file).map((name) => [file, name] as const))
      .filter(([file, name]) => !used.has(`${file} ${name}`) && !used.has(`${file} *`));
    expect(needless.map((one) => one.join(' exports '))).toEqual([]);
  });

  it('have no circles of imports, save of three nouns of Cohesity whose GraphQL types lead to one another', () => {
    const neighbours = new Map(files.map((file): [string, string[]] => [file, []]));
    for (const one of imports) if (isOurs(one)) neighbours.get(one.from)?.push(one.to);
    const reachable = (start: string): ReadonlySet<string> => {
      const seen = new Set<string>();
      const left = [...(neighbours.get(start) ?? [])];
      for (let file = left.pop(); file !== undefined; file = left.pop()) {
        if (seen.has(file)) continue;
        seen.add(file);
        left.push(...(neighbours.get(file) ?? []));
      }
      return seen;
    };
    const inCircles = files.filter((file) => reachable(file).has(file));
    const lawful = ['copy-run', 'copy-snapshot-task', 'protection-shell'].map((noun) => `schema/cohesity/${noun}.ts`);
    expect(inCircles).toEqual(lawful);
  });

  it('have no file that reads the clock or the environment in domain', () => {
    const reading = files
      .filter((file) => roomOf(file) === 'domain')
      .filter((file) =>
        /\bDate\.now\(|new Date\(\)|\bprocess\.|\bperformance\.|Math\.random/.test(
          readFileSync(join(root, file), 'utf8'),
        ),
      );
    expect(reading).toEqual([]);
  });
});

/** Each function of a file with its lines. One without a name of its own has the name of what encloses it. */
const functionsIn = (file: string): readonly { readonly name: string; readonly lines: number }[] => {
  const source = sourceOf(file);
  const found: { name: string; lines: number }[] = [];
  const lineAt = (place: number): number => source.getLineAndCharacterOfPosition(place).line;
  const visit = (node: ts.Node, within: string): void => {
    const named = ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) || ts.isFunctionLike(node);
    const name = named && node.name !== undefined ? node.name.getText() : within;
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined)
      found.push({ name: `${file} ${name}`, lines: lineAt(node.end) - lineAt(node.getStart()) + 1 });
    ts.forEachChild(node, (child) => visit(child, name));
  };
  visit(source, '');
  return found;
};

/** Functions that may be longer than 40 lines, under the reason. The fields of a GraphQL type always may. */
const longFunctions: Readonly<Record<string, readonly string[]>> = {
  'a record of small functions': [
    'edge/audit.ts createAuditTrail',
    'edge/metrics.ts createMetrics',
    'edge/metrics.ts watch',
    'replicas/attempt-records.ts createAttemptRecords',
    'replicas/shared-notices.ts createSharedNotices',
    'upstream/aws-backup/cache.ts cacheAwsBackup',
    'upstream/aws-backup/client.ts createAwsBackupClient',
    'upstream/aws-backup/loaders.ts createLoaders',
    'upstream/cohesity/cache.ts cacheCohesity',
    'upstream/cohesity/client.ts createCohesityClient',
    'upstream/cohesity/failover-calls.ts createFailoverCalls',
    'upstream/cohesity/loaders.ts createLoaders',
  ],
  'one record, member by member': [
    'config/shape.ts configShapeOf',
    'schema/connection.ts connectionRef',
    'upstream/aws-backup/copy-job.ts toCopyJob',
    'upstream/cohesity/copy-run.ts toCopyRun',
    'upstream/cohesity/copy-snapshot-task.ts toCopySnapshotTask',
  ],
  'puts the parts of the program together': [
    'assembly/context.ts createOnce',
    'assembly/gateway.ts createGateway',
    'assembly/graph.ts createGraph',
  ],
  'one walk, whose steps share what was met so far': [
    'aggregate/merge.ts merge',
    'calling/json.ts parseElements',
    'edge/query-cost.ts costOf',
    'edge/query-shape.ts measure',
    'live/stream.ts changesIn',
    'upstream/aws-backup/kept-points.ts cacheVaultPoints',
    'upstream/aws-backup/reading.ts createReading',
    'upstream/aws-backup/vault-points.ts createVaultPoints',
    'upstream/cohesity/replica-copies.ts createOwned',
  ],
  'closures that share state': [
    'cache/by-id.ts createById',
    'cache/store.ts createRecordStore',
    'calling/policy.ts createPolicy',
    'calling/turns.ts createTurns',
    'domain/object-copies.ts createObjectCopies',
    'edge/operation-metrics.ts createOperationMetrics',
    'edge/operations.ts createOperations',
    'edge/shared-events.ts useSharedEvents',
    'edge/streams.ts createEnding',
    'edge/websocket-session.ts createSessionOptions',
    'edge/websocket.ts createWebSockets',
    'edge/websocket.ts open',
    'failover/feed.ts createFailoverFeed',
    'index/background.ts createBackground',
    'index/coverage.ts createCoverage',
    'index/recent.ts createRecentIndex',
    'index/records.ts createRecords',
    'index/spans.ts createSpanIndex',
    'live/feed.ts createFeed',
    'live/feed.ts run',
    'live/hub.ts createLiveHub',
    'live/memory.ts createMemory',
    'replicas/live-relay.ts createLiveRelay',
    'replicas/redis-aid.ts createRedisAid',
    'replicas/redis.ts createRedis',
    'replicas/shared-attempts.ts createSharedAttempts',
    'replicas/subscriber.ts createSubscriber',
    'upstream/cohesity/http.ts createCohesityHttp',
    'upstream/cohesity/login.ts createLogin',
    'upstream/replicas.ts createReplicaRule',
    'watch/courier.ts createCourier',
    'watch/notifier.ts createNotifier',
  ],
};

describe('the functions of src', () => {
  it('are at most 40 lines long, save those that are named here with a reason', () => {
    const isOfFields = (name: string): boolean => /^schema\/.* fields$/.test(name);
    const long = files
      .filter((file) => roomOf(file) !== 'sandbox')
      .flatMap(functionsIn)
      .filter(({ name, lines }) => lines > 40 && !isOfFields(name))
      .map(({ name }) => name);
    expect([...new Set(long)].sort()).toEqual(Object.values(longFunctions).flat().sort());
  });
});

/** Files that may be longer than 250 lines, and why. */
const long: Readonly<Record<string, string>> = {};

describe('the files of src', () => {
  it('are short: one past 250 lines usually holds two nouns', () => {
    const lines = (file: string): number => readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length;
    const tooLong = files.filter((file) => lines(file) > 250 && long[file] === undefined);
    expect(tooLong.map((file) => `${file}: ${lines(file)}`)).toEqual([]);
    expect(Object.keys(long).filter((file) => !files.includes(file))).toEqual([]);
  });

  it('are named in kebab-case, and stand at most two folders deep', () => {
    const odd = files.filter((file) => !/^(?:[a-z0-9-]+\/){0,2}[a-z0-9-]+(?:\.d)?\.ts$/.test(file));
    expect(odd).toEqual([]);
    expect(relative(root, dirname(fileURLToPath(import.meta.url)))).toBe(join('..', 'test'));
  });
});
