import { z } from 'zod';
import { type Micros, micros } from '../domain/micros.js';

/** A 64-bit integer of a vendor, exact; `null` where it is absent or null. */
export const wireInteger = z
  .union([z.bigint(), z.number().refine(Number.isInteger, 'expected an integer').transform(BigInt)])
  .nullish()
  .transform((value) => value ?? null);

const wireUsecs = z.union([z.bigint().transform(Number), z.number()]).nullish();

/** A vendor writes 0, and now and then -1, where it has no time to tell. */
const toMicros = (value: number | null | undefined): Micros | null =>
  value !== null && value !== undefined && value > 0 && Number.isSafeInteger(value) ? micros(value) : null;

/** Microseconds since the epoch; `null` where absent, null, 0 or below, or too large to be a time. */
export const wireMicros = wireUsecs.transform(toMicros);

/** When a copy expires, and whether 0 or less was written there: so the vendor marks a copy that is gone. */
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

/** A list that may be absent or null, and may have null elements: an empty list, and those left out. */
export const wireList = <T extends z.ZodType>(element: T) =>
  z
    .array(element.nullish())
    .nullish()
    .transform((list) =>
      (list ?? []).filter((item): item is NonNullable<typeof item> => item !== null && item !== undefined),
    );

/** A list whose malformed elements cost only themselves: those that could be read, and how many could not. */
export const wireEach = <T extends z.ZodType>(element: T) =>
  z
    .array(z.unknown())
    .nullish()
    .transform((list) => {
      const given = (list ?? []).filter((item) => item !== null && item !== undefined);
      const read = given.map((item) => element.safeParse(item)).filter((parsed) => parsed.success);
      return { items: read.map(({ data }) => data), unreadable: given.length - read.length };
    });

/** Like `wireList`, but an absent list stays `null`: it was not told. */
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
