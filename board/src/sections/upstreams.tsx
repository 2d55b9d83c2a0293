import { useState } from 'preact/hooks';
import { UpstreamsDocument, type UpstreamsQuery } from '../../generated/graphql.js';
import { usePage } from '../page-state.js';
import { Badge } from '../parts/icon.js';
import { Link } from '../parts/link.js';
import { Body, Panel } from '../parts/panel.js';
import { Ago } from '../parts/time.js';
import { type Loaded, useQuery } from '../use-query.js';
import { circuits, health as words, kinds } from '../words.js';

/** Polled more often until each upstream was called once, which this page is about to cause. */
export const useUpstreams = (): Loaded<UpstreamsQuery> => {
  const [isKnown, setKnown] = useState(false);
  const seconds = isKnown ? 15 : 4;
  const loaded = useQuery({ document: UpstreamsDocument, name: '', variables: () => ({}), seconds });
  const all = loaded.data?.upstreams ?? [];
  if (!isKnown && all.length > 0 && all.every(({ health }) => health?.status !== 'UNKNOWN')) setKnown(true);
  return loaded;
};

type Upstream = UpstreamsQuery['upstreams'][number];

export const isDown = ({ health }: Upstream): boolean => health?.status === 'DOWN';

const Details = ({ health }: Pick<Upstream, 'health'>) => {
  if (!health) return <small>nothing is known</small>;
  const { status, lastError, lastSuccessAt, latencyMs, circuit } = health;
  if (status === 'UNKNOWN') return <small>no call was made yet</small>;
  const why = [lastError, circuits[circuit]].filter((one) => one !== null && one !== undefined).join('; ');
  return (
    <small>
      {status === 'DOWN' ? `${why}. Last answer ` : 'answered '}
      <Ago at={lastSuccessAt} />
      {status === 'UP' && latencyMs !== null && latencyMs !== undefined ? `, in ${latencyMs} ms` : null}
    </small>
  );
};

const UpstreamLine = ({ upstream, isChosen }: { readonly upstream: Upstream; readonly isChosen: boolean }) => {
  const { text, tone } = words[upstream.health?.status ?? 'UNKNOWN'];
  const label = `${isChosen ? 'Show all upstreams' : `Show ${upstream.name} alone`}`;
  return (
    <li data-upstream={upstream.name}>
      <Link
        to={{ upstream: isChosen ? undefined : upstream.name }}
        class="row upstream-line"
        current={isChosen}
        title={label}
      >
        <span class="what">
          <b title={upstream.name}>{upstream.name}</b>
          <small>
            {kinds[upstream.kind]}
            {upstream.region ? `, ${upstream.region}` : null} · <Details health={upstream.health ?? null} />
          </small>
        </span>
        <Badge tone={tone} text={text} />
      </Link>
    </li>
  );
};

/** The upstreams that answer, by the gateway's last calls. A row narrows the page to its upstream. */
export const Upstreams = ({ upstreams }: { readonly upstreams: Loaded<UpstreamsQuery> }) => {
  const { upstream: chosen } = usePage();
  const all = upstreams.data?.upstreams ?? [];
  return (
    <Panel
      id="upstreams"
      title="Upstreams"
      total={upstreams.data === null ? undefined : `${all.filter((one) => !isDown(one)).length} of ${all.length}`}
    >
      <Body loaded={upstreams} rows={3}>
        {(data) => (
          <ul class="rows">
            {data.upstreams.map((upstream) => (
              <UpstreamLine key={upstream.name} upstream={upstream} isChosen={upstream.name === chosen} />
            ))}
          </ul>
        )}
      </Body>
    </Panel>
  );
};
