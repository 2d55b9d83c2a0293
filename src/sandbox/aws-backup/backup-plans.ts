import type { Call } from './call.js';
import { notFound } from './errors.js';
import { dayMs, type Plan, type Rule } from './estate.js';
import { type JsonObject, toSeconds } from './json.js';
import type { Pager } from './page.js';
import { text, whole } from './query.js';

const createdAt = Date.UTC(2024, 1, 6, 14, 2, 31, 420);
const deletedAt = Date.UTC(2025, 7, 1, 8, 0, 0);

/** When a rule next runs, or last ran. */
const turnAt = ({ periodMs, offsetMs }: Rule, now: number, ahead: number): number =>
  (Math.floor((now - offsetMs) / periodMs) + ahead) * periodMs + offsetMs;

const summary = (plan: Plan, now: number): JsonObject => ({
  BackupPlanArn: plan.arn,
  BackupPlanId: plan.id,
  CreationDate: toSeconds(createdAt + plan.spec.name.length * dayMs),
  DeletionDate: plan.spec.deleted ? toSeconds(deletedAt) : undefined,
  VersionId: plan.versionId,
  LastExecutionDate:
    plan.rules.length === 0 ? undefined : toSeconds(Math.max(...plan.rules.map((rule) => turnAt(rule, now, 0)))),
});

const ruleBody = ({ spec, id, vault }: Rule, plan: Plan, call: Call): JsonObject => ({
  RuleName: spec.name,
  RuleId: id,
  TargetBackupVaultName: vault.name,
  ScheduleExpression: spec.cron,
  ScheduleExpressionTimezone: spec.timezone,
  StartWindowMinutes: 60,
  CompletionWindowMinutes: 720,
  Lifecycle: { ...spec.lifecycle },
  RecoveryPointTags: { plan: plan.spec.name },
  CopyActions: spec.copies.map((copy) => ({
    DestinationBackupVaultArn: call.world.estate.vaults.get(copy.vault)?.arn,
    Lifecycle: copy.lifecycle && { ...copy.lifecycle },
  })),
  EnableContinuousBackup: false,
});

const plansOf = ({ world }: Call): readonly Plan[] => world.estate.plans.filter(({ spec }) => !spec.byHand);

export const listBackupPlans = (call: Call, pager: Pager): JsonObject => {
  const includeDeleted = text(call.query, 'includeDeleted') === 'true';
  const { items, snapshot, nextToken } = pager(call, { operation: 'ListBackupPlans' }, () =>
    plansOf(call).filter(({ spec }) => includeDeleted || !spec.deleted),
  );
  return {
    BackupPlansList: items.map((plan) => ({ ...summary(plan, snapshot.now), BackupPlanName: plan.spec.name })),
    NextToken: nextToken,
  };
};

export const getBackupPlan = (call: Call): JsonObject => {
  const { path, query, now } = call;
  const plan = plansOf(call).find(({ id }) => id === path[0]);
  const version = text(query, 'versionId');
  if (plan === undefined || (version !== undefined && version !== plan.versionId))
    throw notFound(`Failed reading Backup plan with provided version or id ${path[0] ?? ''}`, path[0]);
  const preview = whole(query, 'MaxScheduledRunsPreview', 0, 10) ?? 0;
  const runs = plan.rules
    .flatMap((rule) =>
      Array.from({ length: preview }, (_, at) => ({
        ExecutionTime: toSeconds(turnAt(rule, now, at + 1)),
        RuleId: rule.id,
        RuleExecutionType: 'SNAPSHOTS',
      })),
    )
    .sort((left, right) => left.ExecutionTime - right.ExecutionTime)
    .slice(0, preview);
  return {
    BackupPlan: { BackupPlanName: plan.spec.name, Rules: plan.rules.map((rule) => ruleBody(rule, plan, call)) },
    ...summary(plan, now),
    ScheduledRunsPreview: preview === 0 ? undefined : runs,
  };
};
