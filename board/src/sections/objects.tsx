import {
  type ProtectedObjectFilter,
  WithoutOffsiteCopyDocument,
  type WithoutOffsiteCopyQuery,
} from '../../generated/graphql.js';
import { count, duration } from '../format.js';
import { type PageState, only, usePage } from '../page-state.js';
import { Link } from '../parts/link.js';
import { ObjectRows } from '../parts/object-rows.js';
import { Body, Empty, Panel } from '../parts/panel.js';
import { settings } from '../settings.js';
import { type Loaded, useQuery } from '../use-query.js';

/** So many are read: enough to say how bad it is where the graph cannot count them all. */
const READ = 100;
const SHOWN = 7;

export const objectFilter = (page: PageState): ProtectedObjectFilter => ({
  offsiteLagOver: Math.round(settings.offsiteLagHours * 3600),
  ...(page.upstream !== undefined && { upstreams: [page.upstream] }),
});

export const useObjects = (): Loaded<WithoutOffsiteCopyQuery> => {
  const page = usePage();
  return useQuery({
    document: WithoutOffsiteCopyDocument,
    name: page.upstream ?? '',
    variables: () => ({ filter: objectFilter(page), first: READ }),
    seconds: 60,
  });
};

/** How many there are: exact, or at least so many. */
export const objectCount = ({ protectedObjects }: WithoutOffsiteCopyQuery): string => {
  if (!protectedObjects) return '–';
  const { totalCount, nodes } = protectedObjects;
  return totalCount === null || totalCount === undefined ? `${count(nodes.length)}+` : count(totalCount);
};

/** The objects without a recent enough good copy elsewhere. */
export const Objects = ({ objects }: { readonly objects: Loaded<WithoutOffsiteCopyQuery> }) => {
  const { data } = objects;
  const page = data?.protectedObjects;
  const isMore = page !== null && page !== undefined && (page.nodes.length > SHOWN || page.pageInfo.hasNextPage);
  const span = duration(settings.offsiteLagHours * 3600);
  return (
    <Panel
      id="objects"
      title="No recent off-site copy"
      total={data === null ? undefined : <b data-figure="objects">{objectCount(data)}</b>}
      tools={<span class="hint">older than {span}, or none</span>}
      reports={page?.upstreamReports}
    >
      <Body loaded={objects} rows={SHOWN}>
        {({ protectedObjects }) =>
          protectedObjects === null || protectedObjects === undefined || protectedObjects.nodes.length === 0 ? (
            <Empty text="Everything has a recent copy off site." reports={protectedObjects?.upstreamReports} />
          ) : (
            <ObjectRows objects={protectedObjects.nodes.slice(0, SHOWN)} />
          )
        }
      </Body>
      {isMore ? (
        <Link to={only({ list: 'objects' })} class="all">
          Show all
        </Link>
      ) : null}
    </Panel>
  );
};
