import type { CopyRowFragment } from '../../generated/graphql.js';
import { bytes } from '../format.js';
import { categories, states, targetName } from '../words.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { Ago } from './time.js';

const CopyLine = ({ copy }: { readonly copy: CopyRowFragment }) => {
  const { text, tone } = states[copy.state];
  const why = copy.error ?? (copy.failureCategory ? categories[copy.failureCategory] : null);
  return (
    <li>
      <Link to={{ copy: copy.id }} class="row copy-line">
        <Icon tone={tone} />
        <span class="what">
          <b title={copy.name}>{copy.name}</b>
          <small>
            {text} · {copy.upstream.name} → {targetName(copy.target)}
          </small>
        </span>
        <span class="figures">
          <span>{bytes(copy.sizeBytes)}</span>
          <small>
            <Ago at={copy.endedAt ?? copy.startedAt} />
          </small>
        </span>
        {why === null ? null : <span class="why">{why}</span>}
      </Link>
    </li>
  );
};

/** A list of copies, each of which leads to all that is known of it. */
export const CopyRows = ({ copies }: { readonly copies: readonly CopyRowFragment[] }) => (
  <ul class="rows">
    {copies.map((copy) => (
      <CopyLine key={copy.id} copy={copy} />
    ))}
  </ul>
);
