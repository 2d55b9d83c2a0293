import { z } from 'zod';
import { type Micros, micros } from '../domain/micros.js';

/** Checks one value of an answer, and converts it. */
export type WireReader<T> = (value: unknown) => z.ZodSafeParseResult<T>;

const MANY = 500; // values, after which a shape is worth compiling: the largest takes some 100 ms

/**
 * Checks values by a shape, as its `safeParse` does. The check of a shape that is used for many values is compiled: it
 * then takes a sixth of the time.
 */
export const createWireReader = <T extends z.ZodType>(shape: T): WireReader<z.infer<T>> => {
  let used = shape;
  let uses = 0;
  return (value) => {
    uses += 1;
    if (uses === MANY) used = z.compile(shape);
    return used.safeParse(value);
  };
};

/** An exact 64-bit integer; `null` if it is absent or null. */
export const wireInteger = z
  .union([z.bigint(), z.number().refine(Number.isInteger, 'expected an integer').transform(BigInt)])
  .nullish()
  .transform((value) => value ?? null);

const wireUsecs = z.union([z.bigint().transform(Number), z.number()]).nullish();

/** Vendors write 0, and sometimes -1, for an unknown time. */
const toMicros = (value: number | null | undefined): Micros | null =>
  value !== null && value !== undefined && value > 0 && Number.isSafeInteger(value) ? micros(value) : null;

/** Microseconds since the epoch; `null` if absent, null, 0 or below, or too large to be a time. */
export const wireMicros = wireUsecs.transform(toMicros);

/** When a copy expires, and whether the vendor wrote 0 or less, which marks a copy that is gone. */
export const wireExpiry = wireUsecs.transform((value) => ({
  at: toMicros(value),
  cleared: value !== null && value !== undefined && value <= 0,
}));

export const wireText = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

export const wireBoolean = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);

/** A list that may be absent or null, and may have null elements: an empty list, without those. */
export const wireList = <T extends z.ZodType>(element: T) =>
  z
    .array(element.nullish())
    .nullish()
    .transform((list) =>
      (list ?? []).filter((item): item is NonNullable<typeof item> => item !== null && item !== undefined),
    );

/** A list whose malformed elements cost only themselves: the readable ones, and the number of others. */
export const wireEach = <T extends z.ZodType>(element: T) => {
  const readElement = createWireReader(element);
  return z
    .array(z.unknown())
    .nullish()
    .transform((list) => {
      const given = (list ?? []).filter((item) => item !== null && item !== undefined);
      const read = given.map((item) => readElement(item)).filter((parsed) => parsed.success);
      return { items: read.map(({ data }) => data), unreadable: given.length - read.length };
    });
};

/** Like `wireList`, but an absent list stays `null`: it was not reported. */
export const wireOptionalList = <T extends z.ZodType>(element: T) =>
  z
    .array(element.nullish())
    .nullish()
    .transform(
      (list) => list?.filter((item): item is NonNullable<typeof item> => item !== null && item !== undefined) ?? null,
    );

/** An object that may be absent or null. */
export const wireObject = <T extends z.ZodRawShape>(shape: T) =>
  z
    .object(shape)
    .nullish()
    .transform((value) => value ?? null);
