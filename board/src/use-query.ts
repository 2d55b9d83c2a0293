import { useEffect, useRef, useState } from 'preact/hooks';
import type { TypedDocumentString } from '../generated/graphql.js';
import { Refusal, ask } from './graph.js';
import { useSession } from './session.js';

/** The last data, and the result of the newest attempt. Old data stay visible while newer ones load. */
export interface Loaded<Data> {
  readonly data: Data | null;
  /** Why the newest attempt failed; `null` where it went well. */
  readonly problem: Refusal | null;
  /** When the data came. */
  readonly readAt: number | null;
  /** Whether the data belong to another question than the one that is asked now. */
  readonly isOther: boolean;
  readonly again: () => void;
}

interface Question<Data, Variables> {
  readonly document: TypedDocumentString<Data, Variables>;
  /** Made again for each attempt, because some of them are times. */
  readonly variables: () => Variables;
  /** The identity of a query. */
  readonly name: string;
  /** The seconds between two attempts while the page is visible; `null`: never. */
  readonly seconds: number | null;
}

const isSeen = (): boolean => document.visibilityState === 'visible';

/** Calls `run` now, at each interval while the page is visible, and at once when it becomes visible again. */
const whileSeen = (run: () => void, seconds: number | null): (() => void) => {
  run();
  if (seconds === null) return () => undefined;
  let isDue = false;
  const timer = setInterval(() => {
    if (isSeen()) run();
    else isDue = true;
  }, seconds * 1000);
  const seen = (): void => {
    if (!isSeen() || !isDue) return;
    isDue = false;
    run();
  };
  document.addEventListener('visibilitychange', seen);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
  };
};

interface Read<Data> {
  readonly name: string;
  readonly data: Data;
  readonly at: number;
}

/** Asks, and asks again. */
export const useQuery = <Data, Variables>(question: Question<Data, Variables>): Loaded<Data> => {
  const { document, name, seconds } = question;
  const { key, refused } = useSession();
  const [read, setRead] = useState<Read<Data> | null>(null);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [attempt, setAttempt] = useState(0);
  const variables = useRef(question.variables);
  variables.current = question.variables;
  useEffect(() => {
    let controller = new AbortController();
    const run = (): void => {
      controller.abort();
      controller = new AbortController();
      const { signal } = controller;
      ask(document, variables.current(), { key, signal }).then(
        (data) => {
          if (signal.aborted) return;
          setRead({ name, data, at: Date.now() });
          setProblem(null);
        },
        (error: unknown) => {
          if (signal.aborted) return;
          const why = error instanceof Refusal ? error : new Refusal('INTERNAL', String(error));
          setProblem(why);
          refused(why);
        },
      );
    };
    const stop = whileSeen(run, seconds);
    return () => {
      stop();
      controller.abort();
    };
  }, [document, name, key, seconds, attempt]);
  return {
    data: read?.data ?? null,
    problem,
    readAt: read?.at ?? null,
    isOther: read !== null && read.name !== name,
    again: () => setAttempt((n) => n + 1),
  };
};

/** The time, as it goes on by so many seconds. */
export const useNow = (seconds: number): number => {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return now;
};
