import { OneObjectDocument, type OneObjectQuery } from '../../generated/graphql.js';
import { count, duration } from '../format.js';
import { CopyRows } from '../parts/copy-rows.js';
import { Badge } from '../parts/icon.js';
import { Body } from '../parts/panel.js';
import { settings } from '../settings.js';
import { useQuery } from '../use-query.js';
import { targetKind, targetName } from '../words.js';
import { Fact, QueryLink } from './facts.js';

type ObjectNode = Extract<NonNullable<OneObjectQuery['node']>, { readonly lookBackHours: number }>;

const isObject = (node: OneObjectQuery['node']): node is ObjectNode =>
  node !== null && node !== undefined && 'lookBackHours' in node;

const Posture = ({ object }: { readonly object: ObjectNode }) => {
  const posture = object.copyPosture;
  if (!posture) return null;
  const lag = posture.offsiteLagSeconds ?? null;
  const isGood = lag !== null && lag <= settings.offsiteLagHours * 3600;
  return (
    <>
      <p>
        <Badge
          tone={lag === null ? 'bad' : isGood ? 'good' : 'warn'}
          text={lag === null ? 'No good copy off site' : `Off site ${duration(lag)} ago`}
        />
      </p>
      <dl>
        <Fact name="Good copies">
          {count(posture.copies)} in {count(posture.sites)} {posture.sites === 1 ? 'place' : 'places'}
        </Fact>
        <Fact name="Locked">
          {posture.immutable ? 'yes, nobody can delete one' : posture.locked ? 'yes, a person could lift it' : 'no'}
        </Fact>
        <Fact name="Protected by">{object.upstream.name}</Fact>
        {object.resourceType ? <Fact name="Resource">{object.resourceType}</Fact> : null}
      </dl>
    </>
  );
};

const Targets = ({ object }: { readonly object: ObjectNode }) => (
  <>
    <h3>Places, last {duration(object.lookBackHours * 3600)}</h3>
    <dl>
      {(object.copyTargets ?? []).map(({ target, copyLagSeconds }) => (
        <Fact key={target.id} name={targetName(target)}>
          {copyLagSeconds === null || copyLagSeconds === undefined
            ? 'no good copy'
            : `newest good data ${duration(copyLagSeconds)} old`}
          {targetKind(target) === null ? null : <small> {targetKind(target)}</small>}
        </Fact>
      ))}
    </dl>
    {(object.copyTargets ?? []).length === 0 ? <p class="hint">It was copied nowhere.</p> : null}
  </>
);

const Details = ({ object, id }: { readonly object: ObjectNode; readonly id: string }) => (
  <article>
    <h2>{object.name}</h2>
    <Posture object={object} />
    <Targets object={object} />
    <h3>Copies, last 24 hours</h3>
    {object.copies && object.copies.nodes.length > 0 ? (
      <CopyRows copies={object.copies.nodes} />
    ) : (
      <p class="hint">No copy of it was begun.</p>
    )}
    <QueryLink document={OneObjectDocument} variables={{ id }} />
  </article>
);

/** How well one object is copied, and its newest copies. */
export const ObjectDetails = ({ id }: { readonly id: string }) => {
  const loaded = useQuery({ document: OneObjectDocument, name: id, variables: () => ({ id }), seconds: 60 });
  return (
    <Body loaded={loaded} rows={8}>
      {({ node }) =>
        isObject(node) ? <Details object={node} id={id} /> : <p class="gone">Its upstream has this object no more.</p>
      }
    </Body>
  );
};
