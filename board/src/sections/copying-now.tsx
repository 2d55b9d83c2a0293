import type { CopyRowFragment } from '../../generated/graphql.js';
import { UnfinishedDocument, type UnfinishedQuery } from '../../generated/graphql.js';
import { copiesOf } from '../copies-of.js';
import { bytes, count, duration, percent, rate } from '../format.js';
import { usePage } from '../page-state.js';
import { Badge, Icon } from '../parts/icon.js';
import { Link } from '../parts/link.js';
import { Empty, Loading, Panel, Problem } from '../parts/panel.js';
import { Progress } from '../parts/progress.js';
import type { LiveCopies } from '../use-live-copies.js';
import { type Loaded, useNow, useQuery } from '../use-query.js';
import { states, targetName } from '../words.js';

/** More rows than anybody reads. */
const MOST_ROWS = 500;

const isMoving = ({ state }: Pick<CopyRowFragment, 'state'>): boolean => state === 'RUNNING' || state === 'CANCELING';

/** How many copies run and how many wait, by the graph's count. */
export const useUnfinished = (): Loaded<UnfinishedQuery> => {
  const { upstream } = usePage();
  return useQuery({
    document: UnfinishedDocument,
    name: upstream ?? '',
    variables: () => ({ filter: copiesOf({ upstream }, { finished: false }) }),
    seconds: 30,
  });
};

/** The numbers of running and waiting copies: from the stream once it has events, otherwise from the count. */
export const countsOf = ({ copies, hasTold }: LiveCopies, { data }: Loaded<UnfinishedQuery>) => {
  const unfinished = copies.filter(({ finished }) => !finished);
  const groups = data?.copySummary?.groups ?? null;
  const sum = (moving: boolean): number =>
    (groups ?? []).reduce((all, { state, count: n }) => all + (state && isMoving({ state }) === moving ? n : 0), 0);
  if (unfinished.length === 0 && !hasTold) return groups === null ? null : { moving: sum(true), waiting: sum(false) };
  const moving = unfinished.filter(isMoving).length;
  return { moving, waiting: unfinished.length - moving };
};

const RunningLine = ({ copy, now }: { readonly copy: CopyRowFragment; readonly now: number }) => {
  const { state, progress, transferredBytes, sizeBytes, startedAt, estimatedEndAt } = copy;
  const { text, tone } = states[state];
  const left = estimatedEndAt ? (Date.parse(estimatedEndAt) - now) / 1000 : null;
  return (
    <li class={copy.finished ? 'ended' : undefined}>
      <Link to={{ copy: copy.id }} class="row running-line">
        <Icon tone={tone} />
        <span class="what">
          <b title={copy.name}>{copy.name}</b>
          <small>
            {copy.upstream.name} → {targetName(copy.target)}
          </small>
        </span>
        <span class="bar">
          <Progress copy={copy} />
          <small>
            {copy.finished
              ? text
              : progress === null || progress === undefined
                ? `${text} for ${startedAt ? duration((now - Date.parse(startedAt)) / 1000) : 'a while'}`
                : `${percent(progress)} of ${bytes(sizeBytes)}`}
          </small>
        </span>
        <span class="figures">
          <span>{transferredBytes ? rate(copy.bytesPerSecond) : bytes(sizeBytes)}</span>
          <small>{left !== null && left > 0 ? `${duration(left)} left` : transferredBytes ? ' ' : 'to copy'}</small>
        </span>
      </Link>
    </li>
  );
};

const Rows = ({ copies }: { readonly copies: readonly CopyRowFragment[] }) => {
  const now = useNow(5);
  const running = copies.filter((copy) => copy.finished || isMoving(copy));
  const waiting = copies.filter((copy) => !copy.finished && !isMoving(copy));
  const shown = [...running, ...waiting].slice(0, MOST_ROWS);
  return (
    <ul class="rows">
      {shown.map((copy) => (
        <RunningLine key={copy.id} copy={copy} now={now} />
      ))}
      {copies.length > shown.length ? <li class="more">and {count(copies.length - shown.length)} more</li> : null}
    </ul>
  );
};

const connection = { connecting: 'Connecting', live: 'Live', lost: 'Connecting again' } as const;

interface CopyingNowProps {
  readonly live: LiveCopies;
  readonly unfinished: Loaded<UnfinishedQuery>;
}

/** The copies that are running now, row by row, from the subscription. */
export const CopyingNow = ({ live, unfinished }: CopyingNowProps) => {
  const counts = countsOf(live, unfinished);
  const isKnown = live.copies.length > 0 || (counts !== null && counts.moving + counts.waiting === 0);
  const reports = live.reports.length > 0 ? live.reports : unfinished.data?.copySummary?.upstreamReports;
  const problem = live.status === 'lost' ? live.problem : unfinished.problem;
  return (
    <Panel
      id="copying"
      title="Copying now"
      total={counts === null ? undefined : <Total {...counts} />}
      tools={<Badge tone={live.status === 'live' ? 'good' : 'warn'} text={connection[live.status]} />}
      reports={reports}
    >
      {problem !== null && !isKnown ? <Problem problem={problem} readAt={null} again={unfinished.again} /> : null}
      <div class="window" tabIndex={0} role="region" aria-label="Copies that are not finished">
        {isKnown ? null : problem === null ? <Loading rows={6} /> : null}
        {isKnown && live.copies.length === 0 ? <Empty text="Nothing is being copied." reports={reports} /> : null}
        {live.copies.length > 0 ? <Rows copies={live.copies} /> : null}
      </div>
      {problem !== null && isKnown ? (
        <Problem problem={problem} readAt={unfinished.readAt} again={unfinished.again} />
      ) : null}
    </Panel>
  );
};

const Total = ({ moving, waiting }: { readonly moving: number; readonly waiting: number }) => (
  <>
    <b data-figure="copying">{count(moving)}</b>
    {waiting > 0 ? (
      <>
        {' '}
        and <span data-figure="waiting">{count(waiting)}</span> waiting
      </>
    ) : null}
  </>
);
