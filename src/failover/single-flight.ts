/** Work that goes on, and a mark that tells what exactly it was asked for. */
interface Flight<T> {
  readonly mark: string;
  readonly result: Promise<T>;
}

/** Equal work at once is done once, over all requests of this process. */
export interface SingleFlight<T> {
  /** Starts the work, or joins what goes on under that name; the mark is that of whoever started it. */
  join(name: string, mark: string, work: () => Promise<T>): Flight<T>;
}

export const createSingleFlight = <T>(): SingleFlight<T> => {
  const flights = new Map<string, Flight<T>>();
  return {
    join: (name, mark, work) => {
      const running = flights.get(name);
      if (running !== undefined) return running;
      const flight = { mark, result: work().finally(() => flights.delete(name)) };
      flights.set(name, flight);
      return flight;
    },
  };
};
