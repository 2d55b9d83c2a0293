import type { OperationKind, OperationOutcome } from './metrics.js';

/** The log line of a finished operation. It never has the variables or the text. */
export interface OperationLine {
  readonly name: string | null; // as its document names it
  readonly kind: OperationKind;
  readonly principal: string | null;
  readonly ms: number;
  readonly cost: number | null; // `null` if it was refused earlier, or got the answer of another operation
  readonly upstreamCalls: number; // attempts; shared ones count for the operation that began them
  readonly outcome: OperationOutcome | 'canceled';
  readonly errorId: string | null;
  readonly requestId: string | null;
  readonly traceId?: string; // if traces are sent
}
