/**
 * The weight of one upstream call in a query's cost; a record weighs 1. Fields that make calls carry it as `@cost` in
 * the schema: ten for each call, and one for the record.
 */
export const CALL_WEIGHT = 10;
