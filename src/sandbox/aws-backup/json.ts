/** A value in a body: JSON, and integers that a JavaScript number cannot hold. */
export type Json = string | number | bigint | boolean | null | undefined | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** JSON text with exact integers, which `JSON.stringify` cannot write beyond 2^53. Undefined members are left out. */
export const toJson = (value: Json): string => {
  if (typeof value === 'bigint') return value.toString();
  if (isList(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${toJson(member)}`).join(',')}}`;
};

/** A time in bodies: seconds, with milliseconds only if there are any. */
export const toSeconds = (milliseconds: number): number => milliseconds / 1000;
