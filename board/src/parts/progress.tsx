import type { CopyRowFragment } from '../../generated/graphql.js';
import { percent } from '../format.js';

/** The progress of a copy. If the vendor reports no bytes, the bar says so. */
export const Progress = ({ copy }: { readonly copy: CopyRowFragment }) => {
  const { progress, name, finished, state } = copy;
  const share = finished && state === 'SUCCEEDED' ? 1 : progress;
  if (share === null || share === undefined)
    return <span class={state === 'RUNNING' ? 'progress untold' : 'progress'} />;
  return (
    <span
      class="progress"
      role="progressbar"
      aria-label={`Progress of ${name}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share * 100)}
      aria-valuetext={percent(share)}
    >
      <i style={{ transform: `scaleX(${share})` }} />
    </span>
  );
};
