import { z } from 'zod';
import { type Activity, activityStates } from '../domain/activity.js';
import type { CopyFacets, CopyOperation } from '../domain/copy-operation.js';
import { copyTargetKinds } from '../domain/copy-target-kind.js';
import { failureCategories } from '../domain/failure-category.js';

/** The shape of a record by the types of its members. Members that are not named may be anything. */
export const record = <T>(shape: { readonly [member in keyof T]?: z.ZodType }) => z.looseObject(shape as z.ZodRawShape); // equal but for absent keys

/** The shapes of members in the store. */
export const text = z.string().nullable();
export const flag = z.boolean().nullable();
export const int = z.bigint().nullable();
export const at = z.number().int().nullable();
/** A group of members of which only the types matter: text, a number, a flag, a list or another group. */
export const plain: z.ZodType = z.union([
  z.string(),
  z.number(),
  z.bigint(),
  z.boolean(),
  z.null(),
  z.array(z.lazy(() => plain)),
  z.record(
    z.string(),
    z.lazy(() => plain),
  ),
]);
export const group = z.record(z.string(), plain).nullable();

/** The members of every activity. */
export const activity = {
  id: z.string(),
  upstream: z.string(),
  state: z.enum(activityStates),
  upstreamState: text,
  error: text,
  failureCategory: z.enum(failureCategories).nullable(),
  startedAt: at,
  endedAt: at,
  observedAt: z.number().int(),
} satisfies { readonly [member in keyof Activity]: z.ZodType };

const target = z.looseObject({
  __typename: z.string(),
  id: z.string(),
  upstream: z.string(),
  kind: z.enum(copyTargetKinds),
  name: text,
  clusterId: int.optional(),
  vaultId: int.optional(),
  cloudTargetId: int.optional(),
  backupVaultArn: text.optional(),
  region: text.optional(),
  accountId: text.optional(),
});

/** The members of every copy. */
export const operation = {
  ...activity,
  name: z.string(),
  target: target.nullable(),
  offsite: flag,
  sizeBytes: int,
  transferredBytes: int,
  expiresAt: at,
} satisfies { readonly [member in Exclude<keyof CopyOperation, '__typename' | keyof CopyFacets>]: z.ZodType };

/** A read of many records, in the store. */
export const readOf = (shape: z.ZodType) =>
  z.looseObject({
    records: z.array(shape),
    observedAt: z.number().int(),
    unreadable: z.number().int(),
    nextToken: text.optional(),
    failure: z.undefined().optional(),
  });
