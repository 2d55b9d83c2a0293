/**
 * A field that returns records of a list: the answer's text for each one may be kept. See `edge/compiled/parts.ts`.
 */
export const listedRecords = { extensions: { records: true } } as const;

/**
 * A field that reads nothing beyond its record and its arguments, if it returns its value at once. Of others this is
 * known if their resolver takes the record alone.
 */
export const ofRecord = { extensions: { ofRecord: true } } as const;
