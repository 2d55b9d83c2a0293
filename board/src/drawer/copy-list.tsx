import { useState } from 'preact/hooks';
import {
  CopiesDocument,
  type CopiesQueryVariables,
  type CopyOperationFilter,
  type FailureCategory,
} from '../../generated/graphql.js';
import { dayStart, nextDay, shortDay } from '../format.js';
import type { PageState } from '../page-state.js';
import { CopyRows } from '../parts/copy-rows.js';
import { Notices } from '../parts/notices.js';
import { Body, Empty } from '../parts/panel.js';
import { bytesFilter } from '../sections/bytes-a-day.js';
import { failedFilter, hoursOf, spanText } from '../sections/failures.js';
import { useQuery } from '../use-query.js';
import { categories, targetName } from '../words.js';
import { QueryLink } from './facts.js';

const PAGE = 50;

interface List {
  readonly title: string;
  readonly filter: () => CopyOperationFilter;
  readonly isEnd: boolean;
}

const isCategory = (word: string): word is FailureCategory => word !== 'NONE' && word in categories;

const failedList = (page: PageState, category: string): List => ({
  title: `${category in categories ? categories[category as keyof typeof categories] : category}, last ${spanText(hoursOf(page))}`,
  filter: () => ({ ...failedFilter(page), ...(isCategory(category) && { failureCategories: [category] }) }),
  isEnd: true,
});

/** The name of a target in its id, until a copy has a newer one. */
const nameIn = (id: string | undefined): string =>
  id === undefined ? 'All targets' : decodeURIComponent(id.split(':').at(-1) ?? id);

const targetList = ({ target, day, ...page }: PageState): List => ({
  title: `${nameIn(target)}${day === undefined ? '' : `, ${shortDay(day)}`}`,
  filter: () => ({
    ...bytesFilter(page),
    ...(day !== undefined && {
      startedAfter: dayStart(day).toISOString(),
      startedBefore: nextDay(dayStart(day)).toISOString(),
    }),
    ...(target !== undefined && { targetIds: [target] }),
  }),
  isEnd: false,
});

const listOf = (page: PageState): List =>
  page.failed === undefined ? targetList(page) : failedList(page, page.failed);

/** The copies behind a number, newest first. */
export const CopyList = ({ page }: { readonly page: PageState }) => {
  const list = listOf(page);
  const [first, setFirst] = useState(PAGE);
  // The window is that of the moment when the list was opened: it does not move while somebody reads.
  const [filter] = useState(list.filter);
  const variables = (): CopiesQueryVariables => ({
    filter,
    orderBy: { field: list.isEnd ? 'ENDED_AT' : 'STARTED_AT', direction: 'DESC' },
    first,
  });
  const loaded = useQuery({ document: CopiesDocument, name: String(first), variables, seconds: null });
  const copies = loaded.data?.copyOperations;
  const nodes = (copies?.nodes ?? []).filter(
    ({ failureCategory }) => page.failed !== 'NONE' || (failureCategory ?? null) === null,
  );
  const target = page.target === undefined ? null : (nodes[0]?.target ?? null);
  const title = target === null ? list.title : list.title.replace(nameIn(page.target), targetName(target));
  return (
    <article>
      <h2>{title}</h2>
      <Body loaded={loaded} rows={10}>
        {() => (nodes.length === 0 ? <Empty text="No copy is in this list." /> : <CopyRows copies={nodes} />)}
      </Body>
      <Notices reports={copies?.upstreamReports ?? []} />
      {copies?.pageInfo.hasNextPage === true && first < 500 ? (
        <button type="button" class="all" onClick={() => setFirst((n) => Math.min(500, n + 150))}>
          Show more
        </button>
      ) : null}
      <QueryLink document={CopiesDocument} variables={variables()} />
    </article>
  );
};
