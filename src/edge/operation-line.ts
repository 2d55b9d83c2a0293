import type { OperationKind, OperationOutcome } from './metrics.js';

/** What the log has of an operation when it is over. Never its variables, nor its text. */
export interface OperationLine {
  readonly name: string | null; // as its document names it
  readonly kind: OperationKind;
  readonly principal: string | null;
  readonly ms: number;
  readonly cost: number | null; // `null` where it was refused before, or answered by another one's answer
  readonly upstreamCalls: number; // attempts; what it waited for together with others is whoever's asked first
  readonly outcome: OperationOutcome | 'canceled';
  readonly errorId: string | null;
  readonly requestId: string | null;
  readonly traceId?: string; // where traces are sent
}
