import type { ReportFragment } from '../../generated/graphql.js';
import { reasons } from '../words.js';
import { Icon } from './icon.js';
import { When } from './time.js';

const whyOf = ({ ok, error, incompleteReasons }: ReportFragment): string => {
  if (!ok && error !== null && error !== undefined) return error.message;
  return incompleteReasons.map((reason) => reasons[reason]).join('; ');
};

/** Whether nothing is missing, and nothing is old: only then does zero mean none. */
export const isWhole = (reports: readonly ReportFragment[] | null | undefined): boolean =>
  (reports ?? []).every(({ ok, stale, complete }) => ok && !stale && complete);

const Notice = ({ report }: { readonly report: ReportFragment }) => (
  <li class="notice">
    <Icon tone={report.ok ? 'warn' : 'bad'} />
    <span>
      <b>{report.upstream.name}</b>
      {report.stale ? (
        <>
          {' '}
          cannot be read now; shown as of <When at={report.observedAt} />.{' '}
        </>
      ) : report.ok ? (
        ' is not counted whole: '
      ) : (
        ' is missing here: '
      )}
      {whyOf(report)}
    </span>
  </li>
);

/** The upstreams whose data are missing or old; empty if all is well. */
export const Notices = ({ reports }: { readonly reports: readonly ReportFragment[] }) => {
  const told = reports.filter((report) => !isWhole([report]));
  if (told.length === 0) return null;
  return (
    <ul class="notices">
      {told.map((report) => (
        <Notice key={report.upstream.name} report={report} />
      ))}
    </ul>
  );
};
