import { OneCopyDocument, type OneCopyQuery } from '../../generated/graphql.js';
import { bytes, duration, percent, rate } from '../format.js';
import { only } from '../page-state.js';
import { Badge } from '../parts/icon.js';
import { Link } from '../parts/link.js';
import { Body } from '../parts/panel.js';
import { Progress } from '../parts/progress.js';
import { When } from '../parts/time.js';
import { useQuery } from '../use-query.js';
import { categories, states, targetKind, targetName } from '../words.js';
import { Fact, QueryLink } from './facts.js';

type Copy = Extract<NonNullable<OneCopyQuery['node']>, { readonly finished: boolean }>;

const isCopy = (node: OneCopyQuery['node']): node is Copy => node !== null && node !== undefined && 'state' in node;

const offsite = (copy: Copy): string =>
  copy.offsite === null || copy.offsite === undefined ? 'not told' : copy.offsite ? 'yes' : 'no';

const Subject = ({ copy }: { readonly copy: Copy }) => (
  <>
    {'protectionJob' in copy && copy.protectionJob ? (
      <Fact name="Protection job">{copy.protectionJob.name}</Fact>
    ) : null}
    {'resourceType' in copy && copy.resourceType ? <Fact name="Resource">{copy.resourceType}</Fact> : null}
    {copy.protectedObject ? (
      <Fact name="Object">
        <Link to={only({ object: copy.protectedObject.id })}>{copy.protectedObject.name}</Link>
      </Fact>
    ) : null}
  </>
);

const Size = ({ copy }: { readonly copy: Copy }) => (
  <>
    <Fact name="Size">{bytes(copy.sizeBytes)}</Fact>
    {copy.transferredBytes ? <Fact name="Transferred">{bytes(copy.transferredBytes)}</Fact> : null}
    {copy.bytesPerSecond ? <Fact name="Speed">{rate(copy.bytesPerSecond)}</Fact> : null}
  </>
);

const Times = ({ copy }: { readonly copy: Copy }) => (
  <>
    <Fact name="Started">
      <When at={copy.startedAt} />
    </Fact>
    {copy.finished ? (
      <>
        <Fact name="Ended">
          <When at={copy.endedAt} />
        </Fact>
        <Fact name="Took">{duration(copy.durationSeconds)}</Fact>
      </>
    ) : copy.estimatedEndAt ? (
      <Fact name="Expected end">
        <When at={copy.estimatedEndAt} />
      </Fact>
    ) : null}
    {copy.expiresAt ? (
      <Fact name="Expires">
        <When at={copy.expiresAt} />
      </Fact>
    ) : null}
  </>
);

const Details = ({ copy, id }: { readonly copy: Copy; readonly id: string }) => {
  const { text, tone } = states[copy.state];
  const kind = targetKind(copy.target);
  return (
    <article>
      <h2>{copy.name}</h2>
      <p class="state">
        <Badge tone={tone} text={text} />
        {copy.upstreamState ? <small>the vendor says {copy.upstreamState}</small> : null}
      </p>
      {copy.finished ? null : (
        <p class="bar">
          <Progress copy={copy} />{' '}
          {copy.progress === null || copy.progress === undefined ? null : percent(copy.progress)}
        </p>
      )}
      {copy.error ? (
        <div class="error">
          {copy.failureCategory ? <b>{categories[copy.failureCategory]}</b> : null}
          <p>{copy.error}</p>
        </div>
      ) : null}
      <dl>
        <Fact name="From">{copy.upstream.name}</Fact>
        <Fact name="To">
          {targetName(copy.target)}
          {kind === null ? null : <small> {kind}</small>}
        </Fact>
        <Fact name="Off site">{offsite(copy)}</Fact>
        <Subject copy={copy} />
        <Size copy={copy} />
        <Times copy={copy} />
        <Fact name="Read">
          <When at={copy.observedAt} />
        </Fact>
        <Fact name="Id">
          <code>{id}</code>
        </Fact>
      </dl>
      <QueryLink document={OneCopyDocument} variables={{ id }} />
    </article>
  );
};

/** All that the board knows of one copy. It is read again while it is open. */
export const CopyDetails = ({ id }: { readonly id: string }) => {
  const loaded = useQuery({ document: OneCopyDocument, name: id, variables: () => ({ id }), seconds: 10 });
  return (
    <Body loaded={loaded} rows={8}>
      {({ node }) =>
        isCopy(node) ? <Details copy={node} id={id} /> : <p class="gone">Its upstream has this copy no more.</p>
      }
    </Body>
  );
};
