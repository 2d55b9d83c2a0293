import { useState } from 'preact/hooks';
import { WithoutOffsiteCopyDocument } from '../../generated/graphql.js';
import { usePage } from '../page-state.js';
import { Notices } from '../parts/notices.js';
import { ObjectRows } from '../parts/object-rows.js';
import { Body, Empty } from '../parts/panel.js';
import { objectFilter } from '../sections/objects.js';
import { useQuery } from '../use-query.js';
import { QueryLink } from './facts.js';

/** All objects without a recent copy off site, worst first. */
export const ObjectList = () => {
  const page = usePage();
  const [first, setFirst] = useState(100);
  const variables = () => ({ filter: objectFilter(page), first });
  const loaded = useQuery({ document: WithoutOffsiteCopyDocument, name: String(first), variables, seconds: null });
  const objects = loaded.data?.protectedObjects;
  return (
    <article>
      <h2>No recent off-site copy</h2>
      <Body loaded={loaded} rows={10}>
        {() =>
          !objects || objects.nodes.length === 0 ? (
            <Empty text="Everything has a recent copy off site." reports={objects?.upstreamReports} />
          ) : (
            <ObjectRows objects={objects.nodes} />
          )
        }
      </Body>
      <Notices reports={objects?.upstreamReports ?? []} />
      {objects?.pageInfo.hasNextPage === true && first < 500 ? (
        <button type="button" class="all" onClick={() => setFirst((n) => Math.min(500, n + 200))}>
          Show more
        </button>
      ) : null}
      <QueryLink document={WithoutOffsiteCopyDocument} variables={variables()} />
    </article>
  );
};
