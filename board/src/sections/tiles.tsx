import type {
  BytesADayByTargetQuery,
  FailedByCategoryQuery,
  ReportFragment,
  UnfinishedQuery,
  WithoutOffsiteCopyQuery,
} from '../../generated/graphql.js';
import { bytes as bytesText, count, dayOf } from '../format.js';
import { usePage } from '../page-state.js';
import { Icon } from '../parts/icon.js';
import { isWhole } from '../parts/notices.js';
import type { LiveCopies } from '../use-live-copies.js';
import type { Loaded } from '../use-query.js';
import type { Tone } from '../words.js';
import { countsOf } from './copying-now.js';
import { hoursOf, spanText } from './failures.js';
import { objectCount } from './objects.js';

interface TileProps {
  readonly to: string;
  readonly name: string;
  readonly value: string | null;
  readonly note: string;
  readonly tone: Tone;
}

const Tile = ({ to, name, value, note, tone }: TileProps) => (
  <li>
    <a class={`tile ${value === null ? 'quiet' : tone}`} href={`#${to}`}>
      <span class="name">
        <Icon tone={value === null ? 'quiet' : tone} />
        {name}
      </span>
      <b>{value ?? '–'}</b>
      <small>{note}</small>
    </a>
  </li>
);

interface TilesProps {
  readonly live: LiveCopies;
  readonly unfinished: Loaded<UnfinishedQuery>;
  readonly failures: Loaded<FailedByCategoryQuery>;
  readonly objects: Loaded<WithoutOffsiteCopyQuery>;
  readonly bytes: Loaded<BytesADayByTargetQuery>;
}

const bytesToday = ({ copySummary }: BytesADayByTargetQuery): number => {
  const today = dayOf(new Date());
  return (copySummary?.groups ?? []).reduce(
    (sum, { day, copiedBytes }) => sum + (day === today ? Number(copiedBytes ?? 0) : 0),
    0,
  );
};

/** None is good news only where all was read. */
const toneOf = (isNone: boolean, reports: readonly ReportFragment[] | undefined, otherwise: Tone): Tone =>
  !isNone ? otherwise : isWhole(reports) ? 'good' : 'warn';

/** The four numbers of the overview. */
export const Tiles = ({ live, unfinished, failures, objects, bytes }: TilesProps) => {
  const page = usePage();
  const counts = countsOf(live, unfinished);
  const failed = failures.data?.copySummary?.total.count ?? null;
  const lagging = objects.data?.protectedObjects ? objectCount(objects.data) : null;
  const today = bytes.data?.copySummary ? bytesToday(bytes.data) : null;
  return (
    <ul class="tiles">
      <Tile
        {...{ to: 'copying', name: 'Copying now', tone: 'busy' }}
        value={counts === null ? null : count(counts.moving)}
        note={counts === null ? 'copies' : counts.waiting === 0 ? 'none waits' : `${count(counts.waiting)} waiting`}
      />
      <Tile
        {...{
          to: 'failed',
          name: 'Failed',
          tone: toneOf(failed === 0, failures.data?.copySummary?.upstreamReports, 'bad'),
        }}
        value={failed === null ? null : count(failed)}
        note={`in the last ${spanText(hoursOf(page))}`}
      />
      <Tile
        {...{
          to: 'objects',
          name: 'No off-site copy',
          tone: toneOf(lagging === '0', objects.data?.protectedObjects?.upstreamReports, 'warn'),
        }}
        value={lagging}
        note="objects without a recent one"
      />
      <Tile
        {...{ to: 'bytes', name: 'Copied today', tone: 'good' }}
        value={today === null ? null : bytesText(today)}
        note="since midnight, all targets"
      />
    </ul>
  );
};
