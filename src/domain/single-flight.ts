/** Work that goes on, and a mark that tells what exactly it was asked for. */
interface Flight<T> {
  readonly mark: string;
  readonly result: Promise<T>;
}

/** Equal work at once is done once, over all requests. */
export interface SingleFlight<T, Name = string> {
  /** Starts the work, or joins what goes on under that name; the mark is that of whoever started it. */
  join(name: Name, work: () => Promise<T>, mark?: string): Flight<T>;
  /** What goes on under that name goes on, but nobody joins it any more. */
  forget(name: Name): void;
}

export const createSingleFlight = <T, Name = string>(): SingleFlight<T, Name> => {
  const flights = new Map<Name, Flight<T>>();
  const start = (name: Name, work: () => Promise<T>, mark: string): Flight<T> => {
    const land = (): void => {
      if (flights.get(name) === flight) flights.delete(name);
    };
    const flight = { mark, result: work().finally(land) };
    flights.set(name, flight);
    return flight;
  };
  return {
    join: (name, work, mark = '') => flights.get(name) ?? start(name, work, mark),
    forget: (name) => void flights.delete(name),
  };
};
