import { FailoversDocument, type FailoversQuery } from '../../generated/graphql.js';
import { graphiqlHref } from '../graphiql-link.js';
import { usePage } from '../page-state.js';
import { Badge } from '../parts/icon.js';
import { Body, Empty, Panel } from '../parts/panel.js';
import { Ago } from '../parts/time.js';
import { useQuery } from '../use-query.js';
import { failovers as words } from '../words.js';

type Failover = NonNullable<FailoversQuery['failoverHistory']>['nodes'][number];

const watching = `# How far is this failover?
query WatchFailover($id: ID!) {
  failover(id: $id) {
    state
    message
    requestedAt
    run {
      state
      startedAt
    }
  }
}`;

/** The key that it was pressed with: the last part of its id. */
const keyOf = ({ id }: Failover): string => decodeURIComponent(id.split(':').at(-1) ?? id);

const FailoverLine = ({ failover }: { readonly failover: Failover }) => {
  const { text, tone } = words[failover.state];
  const href = graphiqlHref(watching, { id: failover.id });
  const content = (
    <>
      <span class="what">
        <b title={keyOf(failover)}>{keyOf(failover)}</b>
        <small>
          {failover.upstream.name} · <Ago at={failover.requestedAt} />
          {failover.message ? ` · ${failover.message}` : null}
        </small>
      </span>
      <Badge tone={tone} text={text} />
    </>
  );
  return (
    <li>
      {href === null ? (
        <div class="row failover-line">{content}</div>
      ) : (
        <a class="row failover-line" href={href} target="_blank" rel="noreferrer" title="Open in GraphiQL">
          {content}
        </a>
      )}
    </li>
  );
};

/** The failovers that are remembered, newest first. */
export const Failovers = () => {
  const { upstream } = usePage();
  const loaded = useQuery({
    document: FailoversDocument,
    name: upstream ?? '',
    variables: () => ({ filter: upstream === undefined ? {} : { upstreams: [upstream] } }),
    seconds: 60,
  });
  return (
    <Panel id="failovers" title="Failovers" reports={loaded.data?.failoverHistory?.upstreamReports}>
      <Body loaded={loaded} rows={2}>
        {({ failoverHistory }) =>
          !failoverHistory || failoverHistory.nodes.length === 0 ? (
            <Empty text="No failover is remembered." reports={failoverHistory?.upstreamReports} />
          ) : (
            <ul class="rows">
              {failoverHistory.nodes.map((failover) => (
                <FailoverLine key={failover.id} failover={failover} />
              ))}
            </ul>
          )
        }
      </Body>
    </Panel>
  );
};
