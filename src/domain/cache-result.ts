export const cacheResults = ['hit', 'miss', 'stale', 'joined'] as const;

/** How a read of the record cache was answered, for the metrics. */
export type CacheResult = (typeof cacheResults)[number];
