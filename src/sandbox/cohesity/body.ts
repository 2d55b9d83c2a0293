import { invalidBody } from './refusal.js';

export type Body = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const recordOf = (value: unknown, what = 'body'): Body => {
  if (!isRecord(value)) throw invalidBody(`${what} must be a JSON object`);
  return value;
};

/** Refuses members that are not in the contract. */
export const onlyMembers = (body: Body, members: readonly string[], what = 'body'): Body => {
  const odd = Object.keys(body).find((name) => !members.includes(name));
  if (odd !== undefined) throw invalidBody(`${what}.${odd} in body is a forbidden property`);
  return body;
};

const wrong = (name: string, type: string): never => {
  throw invalidBody(`${name} in body must be of type ${type}`);
};

/** Members of one type; absent and null are both `undefined`. */
export const integerMember = (body: Body, name: string): number | undefined => {
  const value = body[name] ?? undefined;
  return value === undefined || (typeof value === 'number' && Number.isInteger(value)) ? value : wrong(name, 'integer');
};

export const stringMember = (body: Body, name: string): string | undefined => {
  const value = body[name] ?? undefined;
  return value === undefined || typeof value === 'string' ? value : wrong(name, 'string');
};

export const booleanMember = (body: Body, name: string): boolean | undefined => {
  const value = body[name] ?? undefined;
  return value === undefined || typeof value === 'boolean' ? value : wrong(name, 'boolean');
};

export const listMember = (body: Body, name: string): readonly unknown[] | undefined => {
  const value = body[name] ?? undefined;
  return value === undefined || Array.isArray(value) ? value : wrong(name, 'array');
};

export const integersMember = (body: Body, name: string): readonly number[] | undefined =>
  listMember(body, name)?.map((value) =>
    typeof value === 'number' && Number.isInteger(value) ? value : wrong(name, 'integer'),
  );

export const stringsMember = (body: Body, name: string): readonly string[] | undefined =>
  listMember(body, name)?.map((value) => (typeof value === 'string' ? value : wrong(name, 'string')));
