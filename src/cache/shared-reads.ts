import { UpstreamError } from '../domain/upstream-error.js';
import { createAbort } from '../calling/abort.js';
import { type CallOptions, canceled } from '../calling/call.js';
import { unlessAborted } from '../calling/deadline.js';

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Equal reads at the same time, over all requests, make one upstream call. */
export interface SharedReads<T> {
  /** Starts the read, or joins the running one. */
  read(key: string, call: CallOptions, work: (call: CallOptions) => Promise<T>): Promise<T>;
}

interface SharedReadsOptions {
  readonly upstream: string;
  /** Receives whether a read was started or joined. */
  readonly observe: (result: 'miss' | 'joined') => void;
}

/** Whether a failure concerns only the operation that started the read, not the upstream. */
const isOfStarter = (error: unknown): boolean =>
  error instanceof UpstreamError && (error.reason === 'budgetExceeded' || error.reason === 'canceled');

/**
 * A read runs while a caller waits for it, and is aborted when the last one has left. Its calls count against the
 * operation that started it. If that operation runs out of calls, those that joined start again.
 */
export const createSharedReads = <T>({ upstream, observe }: SharedReadsOptions): SharedReads<T> => {
  const flights = new Map<string, Flight<T>>();

  const start = (key: string, call: CallOptions, work: (call: CallOptions) => Promise<T>): Flight<T> => {
    const controller = createAbort();
    const result = work({ ...call, signal: controller.signal }).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    const flight: Flight<T> = { result, controller, waiting: 0 };
    result.catch(() => undefined); // its callers get the failure; without callers it must not count as unhandled
    flights.set(key, flight);
    return flight;
  };

  const read: SharedReads<T>['read'] = async (key, call, work) => {
    const running = flights.get(key);
    const flight = running ?? start(key, call, work);
    observe(running === undefined ? 'miss' : 'joined');
    flight.waiting += 1;
    try {
      return await unlessAborted(call.signal, flight.result, () => canceled(upstream));
    } catch (error) {
      if (running !== undefined && isOfStarter(error) && call.signal?.aborted !== true) return read(key, call, work);
      throw error;
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0 && flights.get(key) === flight) {
        flights.delete(key);
        flight.controller.abort();
      }
    }
  };

  return { read };
};
