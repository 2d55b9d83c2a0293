/** The load of an idle process, whatever the machine does, so that no request is refused for strain. */
export const calm = { delayMs: () => 0, heapUsed: () => 0, end: () => undefined };
