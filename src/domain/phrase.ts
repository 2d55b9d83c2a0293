const MOST_SHOWN = 5;

/** The first few of many items, in words: `7, 8 and 12 more`. */
export const listed = (items: readonly (string | bigint)[]): string => {
  const shown = items.slice(0, MOST_SHOWN).join(', ');
  return items.length <= MOST_SHOWN ? shown : `${shown} and ${items.length - MOST_SHOWN} more`;
};

/** A span of microseconds in its two largest units: `3 h 12 min`. */
export const span = (micros: number): string => {
  const minutes = Math.floor(micros / 60_000_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
};
