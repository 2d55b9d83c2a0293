import { useEffect, useState } from 'preact/hooks';
import { CopyingNowDocument, type CopyRowFragment, type ReportFragment } from '../generated/graphql.js';
import { copiesOf } from './copies-of.js';
import { type Refusal, follow } from './graph.js';
import { useSession } from './session.js';

/** How long a copy that has ended stays in view, so that it is seen to end. */
const LEAVES_AFTER_MS = 4000;
/** Events come in bursts; the page is drawn once for all of them. */
const DRAWN_AFTER_MS = 150;
/** After a reconnect without copies, the old ones are removed after this time. */
const EMPTY_AFTER_MS = 5000;

export interface LiveCopies {
  readonly copies: readonly CopyRowFragment[];
  readonly reports: readonly ReportFragment[];
  /** Whether this connection has had an event: then an empty list means that there are no copies. */
  readonly hasTold: boolean;
  readonly status: 'connecting' | 'live' | 'lost';
  readonly problem: Refusal | null;
}

const nothing: LiveCopies = { copies: [], reports: [], hasTold: false, status: 'connecting', problem: null };

/** Newest first, and copies of one time by their ids: a row stays where it is while it changes. */
const inOrder = (copies: Iterable<CopyRowFragment>): readonly CopyRowFragment[] =>
  [...copies].sort(
    (a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? '') || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );

/** The copies that are not finished, kept as docs/live.md says: each under its id, and out when it has finished. */
export const useLiveCopies = (upstream: string | undefined): LiveCopies => {
  const { key, refused } = useSession();
  const [live, setLive] = useState(nothing);
  useEffect(() => {
    let copies = new Map<string, CopyRowFragment>();
    let reports: readonly ReportFragment[] = [];
    const timers = new Set<number>();
    let isDrawn = true;
    let hasTold = false;
    const after = (ms: number, run: () => void): void => {
      const timer: number = setTimeout(() => {
        timers.delete(timer);
        run();
      }, ms);
      timers.add(timer);
    };
    const draw = (ms = DRAWN_AFTER_MS): void => {
      if (!isDrawn) return;
      isDrawn = false;
      after(ms, () => {
        isDrawn = true;
        setLive((before) => ({ ...before, copies: inOrder(copies.values()), reports, hasTold }));
      });
    };
    const take = (copy: CopyRowFragment): void => {
      copies.set(copy.id, copy);
      if (!copy.finished) return;
      after(LEAVES_AFTER_MS, () => {
        if (copies.get(copy.id)?.finished === true) copies.delete(copy.id);
        draw();
      });
    };
    const filter = copiesOf({ upstream }, { finished: false });
    const stop = follow(CopyingNowDocument, { filter }, key, {
      opened: () => {
        copies = new Map();
        hasTold = false;
        setLive((before) => ({ ...before, status: 'live', problem: null }));
        after(EMPTY_AFTER_MS, draw);
      },
      event: ({ copyOperationChanged: { operation, upstreamReports } }) => {
        reports = upstreamReports;
        hasTold = true;
        if (operation !== null && operation !== undefined) take(operation);
        draw();
      },
      lost: (problem) => {
        refused(problem);
        setLive((before) => ({ ...before, status: 'lost', problem }));
      },
    });
    setLive(nothing);
    return () => {
      stop();
      timers.forEach((timer) => clearTimeout(timer));
    };
  }, [upstream, key]);
  return live;
};
