/** The spread of many durations, in seconds: the median, the 95th percentile and the longest. */
export interface DurationSpread {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

const FIRST_SIZE = 64;
const MICROS_PER_SECOND = 1_000_000;

/**
 * The value at one place if the first `size` values were sorted. Reorders the values. Takes time in proportion to
 * `size`: sorting a million would block the event loop. Source: Hoare, "Find", 1961.
 */
const valueAt = (values: Float64Array, size: number, place: number): number => {
  const at = (index: number): number => values[index] ?? 0;
  let [left, right] = [0, size - 1];
  while (left < right) {
    const pivot = at(Math.floor((left + right) / 2));
    let [low, high] = [left, right];
    while (low <= high) {
      while (at(low) < pivot) low += 1;
      while (at(high) > pivot) high -= 1;
      if (low > high) break;
      [values[low], values[high]] = [at(high), at(low)];
      low += 1;
      high -= 1;
    }
    if (high < place) left = low;
    if (low > place) right = high;
  }
  return at(place);
};

/** A collection of durations in microseconds, 8 bytes each. */
export const createDurations = () => {
  let values = new Float64Array(0);
  let size = 0;

  const reserve = (more: number): void => {
    if (size + more <= values.length) return;
    const larger = new Float64Array(Math.max(FIRST_SIZE, 2 * values.length, size + more));
    larger.set(values);
    values = larger;
  };

  return {
    add: (duration: number): void => {
      reserve(1);
      values[size] = duration;
      size += 1;
    },
    all: (): Float64Array => values.subarray(0, size),
    join: (others: Float64Array): void => {
      reserve(others.length);
      values.set(others, size);
      size += others.length;
    },
    /** By nearest rank; `null` if it is empty. */
    spread: (): DurationSpread | null => {
      if (size === 0) return null;
      const ranked = (share: number): number => valueAt(values, size, Math.ceil(share * size) - 1) / MICROS_PER_SECOND;
      return { p50: ranked(0.5), p95: ranked(0.95), max: ranked(1) };
    },
  };
};
