/** Running work, and the mark it was started with. */
interface Flight<T> {
  readonly mark: string;
  readonly result: Promise<T>;
}

/** Shares equal work that runs at the same time, over all requests. */
export interface SingleFlight<T, Name = string> {
  /** Starts the work, or joins the running work of that name. The mark is that of the first caller. */
  join(name: Name, work: () => Promise<T>, mark?: string): Flight<T>;
  /** Lets the running work of that name finish, but no new caller joins it. */
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
