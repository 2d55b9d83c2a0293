import type { ComponentChildren } from 'preact';
import type { ReportFragment } from '../../generated/graphql.js';
import type { Refusal } from '../graph.js';
import { Icon } from './icon.js';
import { Notices, isWhole } from './notices.js';
import { Ago } from './time.js';

interface PanelProps {
  readonly id: string;
  readonly title: string;
  /** The total, beside the title. */
  readonly total?: ComponentChildren;
  readonly tools?: ComponentChildren;
  readonly reports?: readonly ReportFragment[] | undefined;
  readonly children: ComponentChildren;
}

/** A section of the board. */
export const Panel = ({ id, title, total, tools, reports = [], children }: PanelProps) => (
  <section class="panel" id={id} aria-labelledby={`${id}-title`}>
    <header>
      <h2 id={`${id}-title`}>{title}</h2>
      {total === undefined ? null : <span class="total">{total}</span>}
      {tools === undefined ? null : <div class="tools">{tools}</div>}
    </header>
    {children}
    <Notices reports={reports} />
  </section>
);

/** A placeholder for rows. */
export const Loading = ({ rows }: { readonly rows: number }) => (
  <div class="loading" role="status" aria-label="Loading">
    {Array.from({ length: rows }, (_, row) => (
      <span key={row} />
    ))}
  </div>
);

interface EmptyProps {
  readonly text: string;
  /** The reports behind the data: if they are not complete, an empty list is no good news. */
  readonly reports?: readonly ReportFragment[] | null | undefined;
}

export const Empty = ({ text, reports }: EmptyProps) => (
  <div class="empty">
    <Icon tone={isWhole(reports) ? 'good' : 'warn'} />
    <p>{isWhole(reports) ? text : `${text.replace(/\.$/, '')}, as far as could be read.`}</p>
  </div>
);

interface ProblemProps {
  readonly problem: Refusal;
  /** When what is shown was read; `null` where nothing is. */
  readonly readAt: number | null;
  readonly again: () => void;
}

/** Why there is nothing new, with a way to try again. */
export const Problem = ({ problem, readAt, again }: ProblemProps) => (
  <div class={readAt === null ? 'problem' : 'problem stale'} role="status">
    <Icon tone={readAt === null ? 'bad' : 'warn'} />
    <p>
      {readAt === null ? null : (
        <b>
          As of <Ago at={readAt} />.{' '}
        </b>
      )}
      {problem.message}
      {problem.requestId === null ? null : <small> Request {problem.requestId}</small>}
    </p>
    <button type="button" onClick={again}>
      Try again
    </button>
  </div>
);

interface BodyProps<Data> {
  readonly loaded: {
    readonly data: Data | null;
    readonly problem: Refusal | null;
    readonly readAt: number | null;
    readonly isOther: boolean;
    readonly again: () => void;
  };
  readonly rows: number;
  readonly children: (data: Data) => ComponentChildren;
}

/** Whichever there is: rows to come, the reason why there are none, or the data. */
export const Body = <Data,>({ loaded, rows, children }: BodyProps<Data>) => {
  const { data, problem, readAt, isOther, again } = loaded;
  return (
    <>
      {problem === null ? null : <Problem problem={problem} readAt={data === null ? null : readAt} again={again} />}
      {data === null ? (
        problem === null && <Loading rows={rows} />
      ) : (
        <div class={isOther ? 'body other' : 'body'} aria-busy={isOther}>
          {children(data)}
        </div>
      )}
    </>
  );
};
