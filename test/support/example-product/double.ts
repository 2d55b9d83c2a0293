import { type Reply, type Seen } from '../fake.js';

/** A copy as the double holds it; times are milliseconds. */
export interface PlayedExampleCopy {
  readonly no: number;
  readonly disk: string;
  readonly phase: string;
  readonly begun: number;
}

const PAGE = 2;

/** Pages of two, newest first, with the offset as the token. */
export const answerExample =
  (copies: () => readonly PlayedExampleCopy[]) =>
  ({ query }: Seen): Reply => {
    const offset = Number(query.get('page') ?? 0);
    const chosen = copies()
      .filter(({ begun }) => begun >= Number(query.get('since')))
      .sort((a, b) => b.begun - a.begun);
    const next = offset + PAGE < chosen.length ? String(offset + PAGE) : null;
    return { body: { copies: chosen.slice(offset, offset + PAGE), next } };
  };
