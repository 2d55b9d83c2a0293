import { getHeapStatistics } from 'node:v8';
import type { Logger } from 'pino';

const MEGABYTE = 1024 * 1024;

/** The part of the heap that indexes may take. Their size is an estimate, and answers need memory too. */
const MOST_OF_HEAP = 0.5;

/** The size that indexes may have: as the config says, or less where the heap of this process has no room for that. */
export const indexMegabytesFor = (
  { maxMegabytes }: { readonly maxMegabytes: number },
  logger: Pick<Logger, 'warn'>,
  heapLimit = getHeapStatistics().heap_size_limit,
): number => {
  const fits = Math.floor((heapLimit * MOST_OF_HEAP) / MEGABYTE);
  if (maxMegabytes <= fits) return maxMegabytes;
  logger.warn(
    { maxMegabytes, used: fits, heapMegabytes: Math.floor(heapLimit / MEGABYTE) },
    'index.maxMegabytes: more than half of the heap, so half is used; give the process a larger one by NODE_OPTIONS=--max-old-space-size',
  );
  return fits;
};
