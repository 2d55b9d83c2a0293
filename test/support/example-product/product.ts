import { request } from 'undici';
import { z } from 'zod';
import { createCallLoader } from '../../../src/calling/call-loader.js';
import { createPolicy } from '../../../src/calling/policy.js';
import { codeOf, connectionFailure } from '../../../src/calling/transport.js';
import { baseUrl, everyUpstream, milliseconds, optional, section, unplayed } from '../../../src/config/key.js';
import type { CopyFilter } from '../../../src/domain/copy-filter.js';
import { encodeId } from '../../../src/domain/global-id.js';
import type { ProtectedObject } from '../../../src/domain/protected-object.js';
import { UpstreamError } from '../../../src/domain/upstream-error.js';
import type { CallOptions, Read } from '../../../src/calling/call.js';
import type { Objects, Product, Session, Tools, UpstreamClient } from '../../../src/upstream/product.js';
import type { Source } from '../../../src/upstream/source.js';
import { type ExampleCopy, WireExampleCopy, exampleCopyShape, toExampleCopy } from './copy.js';

const exampleSection = section({
  ...everyUpstream,
  kind: z.literal('example'),
  url: baseUrl,
  auth: section({ passphrase: optional, passphraseFile: optional }),
  timeoutMs: milliseconds.default(1000),
}).transform(unplayed);

type Section = z.output<typeof exampleSection>;
type Page = Read<ExampleCopy> & { readonly next: string | null };

const WirePage = z.object({ copies: z.array(z.unknown()), next: z.string().nullish() });

/** The one call of this vendor's API: a page of copies that began at or after a time, newest first. */
const createListCopies = (
  { id, url, auth, timeoutMs, maxConcurrent }: Section,
  { now, observer, onFailure }: Tools,
) => {
  const policy = createPolicy({ upstream: id, timeoutMs, maxConcurrent, now, observer, onFailure });
  const read = async (path: string, signal: AbortSignal): Promise<Page> => {
    const headers = { authorization: `Passphrase ${auth.passphrase}` };
    const answer = await request(`${url}${path}`, { headers, signal }).catch((error: unknown) => {
      throw connectionFailure(id, codeOf(error)) ?? new UpstreamError(id, 'unavailable', codeOf(error));
    });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new UpstreamError(id, answer.statusCode === 401 ? 'unauthorized' : 'rejected', `HTTP ${answer.statusCode}`);
    }
    const page = WirePage.safeParse(await answer.body.json().catch(() => null));
    if (!page.success) throw new UpstreamError(id, 'malformed', 'not a page of copies');
    const observedAt = now();
    const records = page.data.copies.flatMap((one) => {
      const wire = WireExampleCopy.safeParse(one);
      return wire.success ? [toExampleCopy(wire.data, id, observedAt)] : [];
    });
    return { records, observedAt, unreadable: page.data.copies.length - records.length, next: page.data.next ?? null };
  };
  return {
    policy,
    listCopies: (since: number, page: string | null, call: CallOptions): Promise<Page> =>
      policy.read(call, (signal) => read(`/copies?since=${since}${page === null ? '' : `&page=${page}`}`, signal)),
  };
};

type ListCopies = ReturnType<typeof createListCopies>['listCopies'];

const createCopies = (upstream: string, listCopies: ListCopies) => {
  const opened = new WeakMap<Session, ReturnType<typeof open>>();
  const open = ({ call }: Session) =>
    createCallLoader(({ since, page }: { upstream: string; since: number; page: string | null }) =>
      listCopies(since, page, call),
    );
  return (session: Session): Source<ExampleCopy> => ({
    upstream,
    read: async function* ({ window: { from, to }, backward }) {
      const pages = opened.get(session) ?? open(session);
      opened.set(session, pages);
      const since = Math.floor(from / 1000);
      for (let page: string | null = null; ;) {
        const read: Page = await pages.load({ upstream, since, page });
        const records = read.records.filter(({ startedAt }) => to === null || (startedAt ?? 0) < to);
        const oldest = read.records.at(-1)?.startedAt ?? null;
        yield { ...read, records, reached: backward ? null : oldest };
        page = read.next;
        if (page === null) break;
      }
      const reached = backward ? Number.POSITIVE_INFINITY : from;
      yield { records: [], reached, observedAt: null, unreadable: 0 };
    },
  });
};

const objectOf = ({ upstream, disk }: Pick<ExampleCopy, 'upstream' | 'disk'>): ProtectedObject => ({
  __typename: 'ProtectedObject',
  id: encodeId('ProtectedObject', upstream, disk),
  upstream,
  name: disk,
  source: null,
  resourceArn: null,
  resourceType: null,
  copies: null,
});

const createObjects = (upstream: string, copies: ReturnType<typeof createCopies>): Objects<ExampleCopy> => ({
  concerns: ({ environments, resourceTypes, replicas }) =>
    [environments, resourceTypes].every((one) => one === null || one === undefined) && replicas !== 'ONLY',
  objectOf,
  worthOf: ({ state, startedAt }) => ({
    good: state === 'SUCCEEDED',
    sound: state === 'SUCCEEDED',
    goodUntil: null,
    dataAt: startedAt,
    locked: false,
    immutable: false,
  }),
  copies,
  copiesOf: copies, // all of them: the list drops those of other objects when merging
  inventory: () => Promise.resolve({ records: [], unreadable: 0, failure: undefined }),
  find: (_session, disk) => Promise.resolve(objectOf({ upstream, disk })),
});

/** None of its copies has what these members ask for. */
const concerns = ({
  protectionJobIds,
  accountIds,
  resourceTypes,
  messageCategories,
  targetKinds,
  replicas,
}: CopyFilter) =>
  [protectionJobIds, accountIds, resourceTypes, messageCategories].every((one) => one === null || one === undefined) &&
  replicas !== 'ONLY' &&
  (targetKinds === null || targetKinds === undefined || targetKinds.includes('UNKNOWN'));

/** An imaginary vendor that has only copies. */
export const example: Product<Section> = {
  kind: 'EXAMPLE',
  configKind: 'example',
  description: 'An imaginary vendor.',
  section: exampleSection,
  copyTypes: [
    { word: 'EXAMPLE_COPY', typename: 'ExampleCopy', standard: true, description: 'Copies of an imaginary vendor.' },
  ],
  system: ({ url }) => ({ url }),
  secretFiles: [['auth', 'passphrase']],
  secretNames: ['passphrase'],
  copyShape: exampleCopyShape,
  connect: (config, tools) => {
    const { id, sandbox } = config;
    const { policy, listCopies } = createListCopies(config, tools);
    const copies = createCopies(id, listCopies);
    const client: UpstreamClient = {
      upstream: {
        __typename: 'Upstream',
        id: encodeId('Upstream', id),
        name: id,
        kind: 'EXAMPLE',
        sandbox,
        region: null,
      },
      health: policy.health,
      copies: (session, { filter, types }) => (types.has('EXAMPLE_COPY') && concerns(filter) ? copies(session) : null),
      live: ({ types }) => (types.has('EXAMPLE_COPY') ? [{ key: 'copies', passing: false, copies }] : []),
      objects: createObjects(id, copies),
    };
    return {
      client,
      load: policy.load,
      sinceLastCallMs: policy.sinceLastCallMs,
      reach: async () => `${(await listCopies(0, null, {})).records.length} copies`,
      rest: () => undefined,
      close: () => Promise.resolve(),
    };
  },
};
