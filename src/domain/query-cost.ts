/**
 * What one upstream call weighs where a query's cost is told, against 1 for each record. A field that makes calls says
 * so as `@cost` in the schema: ten for each, and one for the record it brings.
 */
export const CALL_WEIGHT = 10;
