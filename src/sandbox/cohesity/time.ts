/** Microseconds: the unit of every time in this folder unless a name says otherwise. */
export const second = 1_000_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
