import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Refusal } from './graph.js';

/** The caller. The key is only in this object: after a reload, the page asks for it again. */
export interface Session {
  readonly key: string | null;
  /** Called for each refusal: if the key is not valid, the page asks for another. */
  readonly refused: (why: Refusal) => void;
}

export const SessionContext = createContext<Session>({ key: null, refused: () => undefined });

export const useSession = (): Session => useContext(SessionContext);
