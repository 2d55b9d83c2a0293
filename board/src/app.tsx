import { useState } from 'preact/hooks';
import { Drawer } from './drawer/drawer.js';
import { timeZone } from './format.js';
import type { Refusal } from './graph.js';
import { KeyForm } from './key-form.js';
import { go, usePage } from './page-state.js';
import { Icon } from './parts/icon.js';
import { Tiles } from './sections/tiles.js';
import { Bytes } from './sections/bytes-panel.js';
import { useBytes } from './sections/bytes-a-day.js';
import { CopyingNow, useUnfinished } from './sections/copying-now.js';
import { Failovers } from './sections/failovers.js';
import { Failures, useFailures } from './sections/failures.js';
import { Objects, useObjects } from './sections/objects.js';
import { Upstreams, isDown, useUpstreams } from './sections/upstreams.js';
import { SessionContext } from './session.js';
import { settings } from './settings.js';
import { useLiveCopies } from './use-live-copies.js';

const Mark = () => (
  <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" class="mark">
    <rect x="4" y="4" width="17" height="17" rx="3" opacity=".45" />
    <rect x="11" y="11" width="17" height="17" rx="3" />
  </svg>
);

interface TopProps {
  readonly upstreams: readonly string[];
  readonly forget: (() => void) | null;
}

const Top = ({ upstreams, forget }: TopProps) => {
  const { upstream } = usePage();
  const names = upstream === undefined || upstreams.includes(upstream) ? upstreams : [...upstreams, upstream];
  return (
    <header class="top">
      <h1 class="brand">
        <Mark />
        <b>copygraph</b>
        {settings.sandbox ? <span class="sandbox">sandbox: nothing here is real</span> : null}
      </h1>
      {names.length === 0 ? null : (
        <label class="filter">
          <span>Upstream</span>
          <select value={upstream ?? ''} onChange={(event) => go({ upstream: event.currentTarget.value || undefined })}>
            <option value="">All</option>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {settings.graphiql ? <a href="graphql">GraphiQL</a> : null}
      {forget === null ? null : (
        <button type="button" onClick={forget}>
          Forget key
        </button>
      )}
    </header>
  );
};

const Down = ({ names }: { readonly names: readonly string[] }) =>
  names.length === 0 ? null : (
    <p class="down" role="alert">
      <Icon tone="bad" />
      <span>
        <b>{names.join(', ')}</b> {names.length === 1 ? 'does' : 'do'} not answer. What is shown of{' '}
        {names.length === 1 ? 'it' : 'them'} may be old or missing.
      </span>
    </p>
  );

const Board = ({ forget }: { readonly forget: (() => void) | null }) => {
  const { upstream } = usePage();
  const upstreams = useUpstreams();
  const unfinished = useUnfinished();
  const failures = useFailures();
  const objects = useObjects();
  const bytes = useBytes();
  const live = useLiveCopies(upstream);
  const all = upstreams.data?.upstreams ?? [];
  return (
    <>
      <Top upstreams={all.map(({ name }) => name)} forget={forget} />
      <main>
        <Down names={all.filter(isDown).map(({ name }) => name)} />
        <Tiles {...{ live, unfinished, failures, objects, bytes }} />
        <div class="grid">
          <div class="wide">
            <CopyingNow live={live} unfinished={unfinished} />
            <Bytes loaded={bytes} />
          </div>
          <div class="narrow">
            <Failures failures={failures} />
            <Objects objects={objects} />
          </div>
          <div class="side">
            <Upstreams upstreams={upstreams} />
            <Failovers />
          </div>
        </div>
      </main>
      <footer>
        Times are of {timeZone}. Every number is an answer of the graph
        {settings.graphiql ? (
          <>
            , and can be asked in <a href="graphql">GraphiQL</a>
          </>
        ) : null}
        .
      </footer>
      <Drawer />
    </>
  );
};

const keyIsBad = ({ code }: Refusal): boolean => code === 'UNAUTHENTICATED';

/** The page: the board, or the question for a key before it. */
export const App = () => {
  const [key, setKey] = useState<string | null>(null);
  const [why, setWhy] = useState<string | null>(null);
  const [isAsked, setAsked] = useState(settings.keyed);
  if (isAsked) {
    const enter = (given: string): void => {
      setKey(given);
      setWhy(null);
      setAsked(false);
    };
    return (
      <>
        <Top upstreams={[]} forget={null} />
        <KeyForm why={why} enter={enter} />
      </>
    );
  }
  const askAgain = (message: string | null): void => {
    setKey(null);
    setWhy(message);
    setAsked(true);
  };
  const session = {
    key,
    refused: (refusal: Refusal) => {
      if (!keyIsBad(refusal)) return;
      askAgain(key === null ? null : 'That key was not taken. It may be mistyped, expired, or taken away.');
    },
  };
  return (
    <SessionContext.Provider value={session}>
      <Board key={key ?? ''} forget={key === null ? null : () => askAgain(null)} />
    </SessionContext.Provider>
  );
};
