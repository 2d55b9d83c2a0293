import { z } from 'zod';
import { type Activity, activityStates } from '../domain/activity.js';
import type { CopyFacets, CopyOperation } from '../domain/copy-operation.js';
import { copyTargetKinds } from '../domain/copy-target-kind.js';
import { failureCategories } from '../domain/failure-category.js';

/** The members of a record by their types. What is not named here may be anything. */
export const record = <T>(shape: { readonly [member in keyof T]?: z.ZodType }) => z.looseObject(shape as z.ZodRawShape); // the same, but for keys that are absent

/** Members as they are kept. */
export const text = z.string().nullable();
export const flag = z.boolean().nullable();
export const int = z.bigint().nullable();
export const at = z.number().int().nullable();
/** A group of members of which only their types matter: a value is text, a number, a flag, a list or a group again. */
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

/** What every activity has. */
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

/** What every copy has. */
export const operation = {
  ...activity,
  name: z.string(),
  target: target.nullable(),
  offsite: flag,
  sizeBytes: int,
  transferredBytes: int,
  expiresAt: at,
} satisfies { readonly [member in Exclude<keyof CopyOperation, '__typename' | keyof CopyFacets>]: z.ZodType };

/** A read of many, as it is kept. */
export const readOf = (shape: z.ZodType) =>
  z.looseObject({
    records: z.array(shape),
    observedAt: z.number().int(),
    unreadable: z.number().int(),
    nextToken: text.optional(),
    failure: z.undefined().optional(),
  });
