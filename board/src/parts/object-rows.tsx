import type { WithoutOffsiteCopyQuery } from '../../generated/graphql.js';
import { count, duration } from '../format.js';
import { Icon } from './icon.js';
import { Link } from './link.js';

export type LaggingObject = WithoutOffsiteCopyQuery['protectedObjects'] extends infer Page
  ? NonNullable<Page> extends { readonly nodes: readonly (infer Node)[] }
    ? Node
    : NonNullable<Page> extends { nodes: (infer Node)[] }
      ? Node
      : never
  : never;

const copiesOf = ({ copyPosture }: LaggingObject): string => {
  const copies = copyPosture?.copies ?? 0;
  return copies === 0 ? 'no good copy at all' : `${count(copies)} good ${copies === 1 ? 'copy' : 'copies'}`;
};

const ObjectLine = ({ object }: { readonly object: LaggingObject }) => {
  const lag = object.copyPosture?.offsiteLagSeconds ?? null;
  return (
    <li>
      <Link to={{ object: object.id }} class="row copy-line">
        <Icon tone={lag === null ? 'bad' : 'warn'} />
        <span class="what">
          <b title={object.name}>{object.name}</b>
          <small>
            {object.upstream.name} · {copiesOf(object)}
          </small>
        </span>
        <span class="figures">
          <span>{lag === null ? 'none' : duration(lag)}</span>
          <small>{lag === null ? 'off site' : 'old, off site'}</small>
        </span>
      </Link>
    </li>
  );
};

/** Objects, worst first, each of which leads to its copies. */
export const ObjectRows = ({ objects }: { readonly objects: readonly LaggingObject[] }) => (
  <ul class="rows">
    {objects.map((object) => (
      <ObjectLine key={object.id} object={object} />
    ))}
  </ul>
);
