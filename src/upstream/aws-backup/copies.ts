import { BadInputError } from '../../domain/bad-input.js';
import { type CopyFilter, concernsTargetsOf, isGiven, matchesCopy } from '../../domain/copy-filter.js';
import type { CopyJob } from '../../domain/copy-job.js';
import { clientsNamed } from '../clients.js';
import type { Clients, LiveRead, Session, Want } from '../product.js';
import type { Source } from '../source.js';
import type { CopyJobsQuery } from './client.js';
import { awsStatesOf } from './copy-job.js';
import { type EndpointClient, isEndpoint } from './endpoint.js';
import { withExpiry } from './job-expiry.js';
import { copyJobSource } from './job-source.js';
import { awsBackupLoaders } from './loaders.js';

/** Whether any job of an endpoint can pass the filter. */
const concerns = ({ protectionJobIds, replicas, targetKinds, onLegalHold, dataLocked }: CopyFilter): boolean =>
  !isGiven(protectionJobIds) &&
  onLegalHold !== true && // AWS's jobs have no such members
  dataLocked !== true &&
  replicas !== 'ONLY' &&
  (!isGiven(targetKinds) || targetKinds.includes('VAULT') || targetKinds.includes('UNKNOWN'));

/** Throws for an invalid account id. */
export const checkAccountIds = (_clients: Clients, { accountIds }: CopyFilter): void => {
  const wrong = accountIds?.find((id) => !/^\d{12}$/.test(id));
  if (wrong === undefined) return;
  throw new BadInputError(
    'filter.accountIds',
    `filter.accountIds takes AWS account ids of 12 digits, not ${JSON.stringify(wrong.slice(0, 100))}.`,
  );
};

/** One endpoint's jobs: a list for each query. */
export const jobsOf = (
  session: Session,
  { upstream, jobs }: EndpointClient,
  queries: readonly CopyJobsQuery[],
): Source<CopyJob> => copyJobSource({ upstream: upstream.name, loaders: awsBackupLoaders(session), jobs, queries });

/** One endpoint's jobs; `null` if none can pass the filter. */
const jobSource = (
  session: Session,
  endpoint: EndpointClient,
  { filter, expiry }: Pick<Want, 'filter' | 'expiry'>,
): Source<CopyJob> | null => {
  if (!concerns(filter) || !concernsTargetsOf(filter, endpoint.upstream.name)) return null;
  const jobs = jobsOf(session, endpoint, pushedDown(filter));
  const others = { ...filter, expiresAfter: null, expiresBefore: null };
  // Jobs that fail the other members of the filter need no reads of their expiry.
  return expiry ? withExpiry(session, jobs, (job, now) => matchesCopy(others, job, now)) : jobs;
};

/** A source for each AWS Backup endpoint that may have matching jobs. */
export const jobSources = (session: Session, filter: CopyFilter, expiry: boolean): readonly Source<CopyJob>[] => {
  const named = clientsNamed(session.clients, filter.upstreams, 'filter.upstreams');
  checkAccountIds(session.clients, filter);
  return named
    .filter(isEndpoint)
    .map((endpoint) => jobSource(session, endpoint, { filter, expiry }))
    .filter((source) => source !== null);
};

/** An endpoint's copies; `null` unless jobs are among the wanted types. */
export const copiesOf = (session: Session, endpoint: EndpointClient, want: Want): Source<CopyJob> | null =>
  want.types.has('COPY_JOB') ? jobSource(session, endpoint, want) : null;

const MOST_ACCOUNTS = 20; // each has its own poller

/** The accounts whose jobs are polled; `undefined` is the list without an account. */
const accountsOf = ({ accountIds }: CopyFilter): readonly (string | undefined)[] => {
  if (!isGiven(accountIds)) return [undefined];
  const accounts = [...new Set(accountIds)];
  if (accounts.length <= MOST_ACCOUNTS) return accounts;
  throw new BadInputError(
    'filter.accountIds',
    `filter.accountIds of a subscription takes at most ${MOST_ACCOUNTS} accounts; it has ${accounts.length}.`,
  );
};

/** One read for each account, because AWS lists an account's jobs only when asked for them. */
export const liveReads = (endpoint: EndpointClient, { filter, types, expiry }: Want): readonly LiveRead[] => {
  if (!types.has('COPY_JOB')) return [];
  return accountsOf(filter).map((accountId) => ({
    key: ['jobs', ...(accountId === undefined ? [] : [accountId]), ...(expiry ? ['expiry'] : [])].join(' '),
    passing: accountId !== undefined || expiry,
    copies: (session) => {
      const jobs = jobsOf(session, endpoint, [accountId === undefined ? {} : { accountId }]);
      return expiry ? withExpiry(session, jobs, () => true) : jobs;
    },
  }));
};

const only = <T>(values: readonly T[] | null | undefined): T | undefined =>
  values?.length === 1 ? values[0] : undefined;

/**
 * The filters that `ListCopyJobs` can apply itself. Each of them takes one value: one or two states make a list each,
 * and more make one list of all. There is no filter for unknown states, so none for "unfinished". Each account is a
 * list of its own: without one, AWS lists only the caller's own jobs. The end is never filtered by AWS, because that
 * would drop failed jobs without `CompletionDate`.
 */
const pushedDown = (filter: CopyFilter): readonly CopyJobsQuery[] => {
  const query: CopyJobsQuery = {
    resourceType: only(filter.resourceTypes),
    messageCategory: only(filter.messageCategories),
  };
  const accounts: readonly CopyJobsQuery[] = isGiven(filter.accountIds)
    ? [...new Set(filter.accountIds)].map((accountId) => ({ accountId, ...query }))
    : [query];
  return accounts.flatMap((one) => statesAsked(filter).map((state) => ({ state, ...one })));
};

/** `undefined` means all states in one list. */
const statesAsked = ({ states }: CopyFilter): readonly CopyJobsQuery['state'][] => {
  if (!isGiven(states) || states.includes('UNKNOWN')) return [undefined];
  const asked = [...new Set(states.flatMap(awsStatesOf))];
  return asked.length > 2 ? [undefined] : asked;
};
