/** Vitals of a process that has nothing else to do, whatever else the machine does: nothing is refused for strain. */
export const calm = { delayMs: () => 0, heapUsed: () => 0, end: () => undefined };
