import { describe, expect, it } from 'vitest';
import { type Asked } from '../../../src/aggregate/lists.js';
import { createEndpointClient } from '../../../src/upstream/aws-backup/endpoint-client.js';
import { listCopyJobs } from '../../../src/schema/aws-backup/copy-job-list.js';
import type { CopyFilter } from '../../../src/domain/copy-filter.js';
import { micros } from '../../../src/domain/micros.js';
import { encodeCursor } from '../../../src/domain/page.js';
import type { CopyJobsQuery } from '../../../src/upstream/aws-backup/client.js';
import { type PlayedEndpoint, type PlayedJob, contextOf, jobOf, playEndpoint } from '../../support/estate.js';
import { DAY, HOUR, NOW } from '../../support/estates.js';

const MINUTE = HOUR / 60;
const SECOND = MINUTE / 60;
const justPage: Asked = { page: true, totalCount: false, tasks: false, posture: false };
const counted: Asked = { ...justPage, totalCount: true };

const list = (endpoint: PlayedEndpoint, filter: CopyFilter, asked = justPage, first = 50) =>
  listCopyJobs(contextOf([endpoint], NOW), { filter, first }, asked);

const many = (count: number, apart: number): readonly PlayedJob[] =>
  Array.from({ length: count }, (_, n) => jobOf(`j${n}`, NOW - (n + 1) * apart));

const spansOf = ({ calls }: PlayedEndpoint) =>
  calls.map(({ createdAfter = 0, createdBefore = null }) => [
    (NOW - createdAfter - SECOND) / HOUR,
    createdBefore === null ? null : (NOW - createdBefore + SECOND) / HOUR,
  ]);

describe('the copy jobs of an endpoint', () => {
  it('come in one call while a day’s fit one page, open at the newer end', async () => {
    const endpoint = playEndpoint('aws', many(1000, MINUTE));
    expect((await list(endpoint, {})).records).toHaveLength(50);
    expect(endpoint.calls).toEqual([{ createdAfter: NOW - DAY - SECOND, maxResults: 1000 }]);
  });

  it('are read in halves of the slice where a page is full, and no further than the page needs', async () => {
    const endpoint = playEndpoint('aws', many(1400, MINUTE));
    const { records } = await list(endpoint, {});
    expect(records.map(({ copyJobId }) => copyJobId)).toEqual(Array.from({ length: 50 }, (_, n) => `j${n}`));
    expect(spansOf(endpoint)).toEqual([
      [24, null],
      [12, null],
    ]);
  });

  it('before a cursor are read from there on, and no further than the page needs', async () => {
    const endpoint = playEndpoint('aws', many(80, 2 * HOUR));
    const windowFrom = micros(NOW - 7 * DAY);
    const before = encodeCursor('copyJobs', { position: [NOW - 5 * DAY, 'CopyJob:aws:x'], windowFrom });
    const context = contextOf([endpoint], NOW);
    const { records } = await listCopyJobs(context, { last: 2, before }, justPage);
    expect(records.map(({ copyJobId }) => copyJobId)).toEqual(['j58', 'j59']);
    expect(spansOf(endpoint)).toEqual([[120, 72]]);
  });

  it('are not split where all of them count: page after page is cheaper', async () => {
    const endpoint = playEndpoint('aws', many(1400, MINUTE));
    const page = await list(endpoint, {}, counted);
    expect(page.totalCount).toBe(1400);
    expect(page.records.map(({ copyJobId }) => copyJobId)).toEqual(Array.from({ length: 50 }, (_, n) => `j${n}`));
    expect(endpoint.calls.map(({ nextToken }) => nextToken === undefined)).toEqual([true, false]);
  });

  it('are paged through where a minute holds more than a page', async () => {
    const endpoint = playEndpoint('aws', many(2500, 10_000));
    const { records, hasNextPage } = await list(endpoint, {}, justPage, 500);
    expect(records.map(({ copyJobId }) => copyJobId)).toEqual(Array.from({ length: 500 }, (_, n) => `j${n}`));
    expect(hasNextPage).toBe(true);
    expect(endpoint.calls.length).toBeLessThan(20);
  });

  it('are not split for short pages that go on, since those show nothing', async () => {
    const endpoint = playEndpoint('aws', many(10, MINUTE), { pageLimit: 4, emptyPages: true });
    expect((await list(endpoint, {})).records).toHaveLength(10);
    expect(endpoint.calls).toHaveLength(6);
    expect(endpoint.calls.slice(1).every(({ nextToken }) => nextToken !== undefined)).toBe(true);
  });

  it('are asked for in halves where an answer is too large, and the size that fits is kept', async () => {
    const endpoint = playEndpoint('aws', many(40, 4 * HOUR), { maxRecords: 10 });
    const { records } = await list(endpoint, { startedAfter: micros(NOW - 7 * DAY) });
    expect(records).toHaveLength(40);
    expect(endpoint.calls.map(({ maxResults }) => maxResults).slice(0, 3)).toEqual([1000, 1000, 500]);
    expect(endpoint.calls.filter(({ maxResults }) => maxResults === 1000)).toHaveLength(2);
  });

  it('end with a report where not even one fits', async () => {
    const endpoint = playEndpoint('aws', many(5, HOUR), { maxRecords: 0 });
    const { records, upstreamReports } = await list(endpoint, {});
    expect(records).toEqual([]);
    expect(upstreamReports).toMatchObject([{ ok: false, complete: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
  });

  it.each([true, false])(
    'are neither lost nor doubled at the edges of slices (bounds inclusive: %s)',
    async (inclusive) => {
      const edges = [0, 1, 3, 7].flatMap((days) => [-1000, 0, 1000].map((off) => NOW - days * DAY + off));
      const endpoint = playEndpoint(
        'aws',
        edges.map((at, n) => jobOf(`e${n}`, at)),
        { inclusive },
      );
      const { totalCount, records } = await list(endpoint, { startedAfter: micros(NOW - 7 * DAY) }, counted, 500);
      expect(totalCount).toBe(11); // all but the one just before the window
      expect(new Set(records.map(({ id }) => id)).size).toBe(11);
      expect(await list(endpoint, { startedAfter: micros(NOW - 7 * DAY) }, justPage, 500)).toMatchObject({ records });
    },
  );

  it('of unknown times are all there at the end, whichever slice they come in', async () => {
    const undated = ['a', 'b'].map((id) => jobOf(id, null));
    const endpoint = playEndpoint('aws', [...many(40, 4 * HOUR), ...undated]);
    const { client } = endpoint.client;
    const bent: typeof client = {
      ...client,
      listCopyJobs: async (query, call) => {
        const page = await client.listCopyJobs(query, call);
        if (query.createdBefore === undefined) return page; // only the newest slice has them
        return { ...page, records: page.records.filter(({ startedAt }) => startedAt !== null) };
      },
    };
    const context = contextOf(
      [{ ...endpoint, client: createEndpointClient({ ...endpoint.client, client: bent }) }],
      NOW,
    );
    const filter = { startedAfter: micros(NOW - 7 * DAY) };
    const read = (before: string | null) => listCopyJobs(context, { filter, last: 1, before }, justPage);
    const last = await read(null);
    expect(last.records).toMatchObject([{ copyJobId: 'b' }]);
    const cursor = encodeCursor('copyJobs', { position: [null, 'CopyJob:aws:b'], windowFrom: last.windowFrom });
    expect((await read(cursor)).records).toMatchObject([{ copyJobId: 'a' }]);
  });

  it('that a clock ahead of ours dated come first', async () => {
    const endpoint = playEndpoint('aws', [jobOf('now', NOW - HOUR), jobOf('ahead', NOW + 3 * HOUR)]);
    expect((await list(endpoint, {})).records.map(({ copyJobId }) => copyJobId)).toEqual(['ahead', 'now']);
  });

  it('since 1970 take a few slices, none before 1970', async () => {
    const endpoint = playEndpoint('aws', many(3, HOUR));
    expect((await list(endpoint, { startedAfter: micros(-5 * DAY) })).records).toHaveLength(3);
    expect(endpoint.calls.length).toBeLessThanOrEqual(6);
    expect(endpoint.calls.every(({ createdAfter }) => createdAfter !== undefined && createdAfter >= 0)).toBe(true);
  });

  it('until a day far ahead are read from now backwards', async () => {
    const endpoint = playEndpoint('aws', many(3, HOUR));
    const filter = { startedAfter: micros(NOW - 7 * DAY), startedBefore: micros(NOW + 4000 * DAY) };
    expect((await list(endpoint, filter, justPage, 2)).records).toHaveLength(2);
    expect(endpoint.calls).toHaveLength(1);
  });

  it('of a window without width are not asked for', async () => {
    const endpoint = playEndpoint('aws', many(3, HOUR));
    const filter = { startedAfter: micros(NOW), startedBefore: micros(NOW) };
    expect(await list(endpoint, filter, counted)).toMatchObject({ records: [], totalCount: 0 });
    expect(endpoint.calls).toEqual([]);
  });
});

describe('an endpoint that does not keep to what it is asked', () => {
  const odd = (jobs: readonly PlayedJob[], answer: (query: CopyJobsQuery) => CopyJobsQuery, token?: string) => {
    const endpoint = playEndpoint('aws', jobs);
    const { client } = endpoint.client;
    const bent: typeof client = {
      ...client,
      listCopyJobs: async (query, call) => {
        const page = await client.listCopyJobs(answer(query), call);
        return token === undefined ? page : { ...page, nextToken: token };
      },
    };
    return { ...endpoint, client: createEndpointClient({ ...endpoint.client, client: bent }) };
  };

  it.each([justPage, counted])('and sends the same token for ever ends with a report', async (asked) => {
    const endpoint = odd(many(3, HOUR), ({ nextToken: _, ...query }) => query, 'again');
    const { records, upstreamReports } = await list(endpoint, {}, asked);
    expect(records).toHaveLength(3);
    expect(upstreamReports).toMatchObject([{ ok: false, complete: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
    expect(endpoint.calls.length).toBeLessThanOrEqual(3);
  });

  it('and ignores the window is sieved and counted once', async () => {
    const held = [...many(5, HOUR), jobOf('old', NOW - 90 * DAY), jobOf('undated', null)];
    const endpoint = odd(held, () => ({}));
    expect((await list(endpoint, { startedAfter: micros(NOW - 7 * DAY) }, counted)).totalCount).toBe(6);
  });
});
