import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Refusal } from './graph.js';

/** Who asks. The key lives in this object alone: a page that is loaded again asks for it again. */
export interface Session {
  readonly key: string | null;
  /** Told of each refusal: where the key is no good, the page asks for another. */
  readonly refused: (why: Refusal) => void;
}

export const SessionContext = createContext<Session>({ key: null, refused: () => undefined });

export const useSession = (): Session => useContext(SessionContext);
