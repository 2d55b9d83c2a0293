import { fraction, hash } from '../random.js';
import { resourceArn } from './arns.js';
import { planSpecs } from './catalog.js';
import { createIds, type Ids } from './ids.js';
import type { LifecycleSpec, PlanSpec, ResourceSpec, RuleSpec } from './plan-spec.js';
import { accounts, createVaults, type Vault } from './vaults.js';

export interface Plan {
  readonly spec: PlanSpec;
  readonly id: string;
  readonly arn: string;
  readonly versionId: string;
  readonly accountId: string;
  readonly roleArn: string;
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly spec: RuleSpec;
  readonly plan: Plan;
  readonly id: string;
  readonly vault: Vault;
  readonly periodMs: number;
  readonly offsetMs: number;
}

interface Resource {
  readonly arn: string;
  readonly type: string;
  readonly name: string | undefined;
  readonly accountId: string;
}

/** One resource in one rule; together with a turn of the rule, one backup. */
export interface Unit {
  readonly index: number;
  /** The key of its random draws; it includes the seed. */
  readonly key: string;
  readonly rule: Rule;
  readonly spec: ResourceSpec;
  readonly resource: Resource;
  readonly parent: Unit | undefined;
  readonly member: string | undefined;
  readonly members: readonly Unit[];
}

/** The copies of one unit to one vault; together with a turn of the rule, one copy job. */
export interface Lane {
  readonly kind: 'copyJob' | 'startedJob';
  readonly index: number;
  readonly key: string;
  readonly unit: Unit;
  readonly destination: Vault;
  readonly lifecycle: LifecycleSpec | undefined;
  /** The role whose rights the copy uses. */
  readonly roleArn: string;
  readonly parent: Lane | undefined;
  readonly members: readonly Lane[];
  /** The copy of the same backup that must end first. */
  readonly after: Lane | undefined;
}

export interface Estate {
  readonly region: string;
  readonly ids: Ids;
  readonly vaults: ReadonlyMap<string, Vault>;
  readonly plans: readonly Plan[];
  readonly units: readonly Unit[];
  readonly lanes: readonly Lane[];
}

const hourMs = 3_600_000;

/**
 * Grows faster than `scale`: a larger company has more resources, and more rules for each. Scale 5 makes 31 of each.
 */
const replicasAt = (scale: number): number => Math.max(1, Math.round(scale ** 2.13));

/** Creates everything that does not depend on time. The same three values give the same data on every machine. */
export const createEstate = (seed: number, scale: number, region: string): Estate => {
  if (!(scale > 0 && scale <= 100)) throw new Error(`scale must be above 0 and at most 100; it is ${scale}`);
  const key = hash('aws-backup', seed, region);
  const ids = createIds(key);
  const words = (...parts: (string | number)[]): string =>
    [0, 1, 2, 3]
      .map((part) =>
        hash(key, part, ...parts)
          .toString(16)
          .padStart(8, '0'),
      )
      .join('');
  const uuid = (...parts: (string | number)[]): string =>
    words(...parts).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const vaults = createVaults(region, uuid);
  const vault = (name: string): Vault => {
    const found = vaults.get(name);
    if (found === undefined) throw new Error(`the catalog names a vault that does not exist: ${name}`);
    return found;
  };
  const units: Unit[] = [];
  const lanes: Lane[] = [];

  const addUnit = (rule: Rule, spec: ResourceSpec, replica: number, parent?: Unit, member?: string): Unit => {
    const name = replica === 0 ? spec.name : `${spec.name}-${replica + 1}`;
    const place = { region, accountId: rule.plan.accountId };
    const forms = {
      hex: words('resource', spec.type, name, place.accountId).slice(0, 16),
      uuid: uuid('stack', spec.type, name, place.accountId),
    };
    const members: Unit[] = [];
    const unit: Unit = {
      index: units.length,
      key: `${key.toString(36)}.${units.length}`,
      rule,
      spec,
      resource: {
        arn: resourceArn(spec.type, name, place, forms),
        type: spec.type,
        name: spec.unnamed ? undefined : name,
        accountId: place.accountId,
      },
      parent,
      member,
      members,
    };
    units.push(unit);
    for (const part of spec.members ?? []) members.push(addUnit(rule, part, replica, unit, part.member));
    return unit;
  };

  const addLane = (unit: Unit, destination: Vault, lifecycle?: LifecycleSpec, after?: Lane, parent?: Lane): Lane => {
    const members: Lane[] = [];
    const index = lanes.length;
    const lane: Lane = {
      kind: 'copyJob',
      index,
      key: `${key.toString(36)}/${index}`,
      unit,
      destination,
      lifecycle,
      roleArn: unit.rule.plan.roleArn,
      parent,
      members,
      after,
    };
    lanes.push(lane);
    for (const [at, member] of unit.members.entries())
      members.push(addLane(member, destination, lifecycle, after?.members[at], lane));
    return lane;
  };

  const addPlan = (spec: PlanSpec): Plan => {
    const accountId = accounts[spec.account];
    const id = spec.serviceMade ? `aws/efs/${uuid('plan', spec.name)}` : uuid('plan', spec.name);
    const rules: Rule[] = [];
    const plan: Plan = {
      spec,
      id,
      arn: `arn:aws:backup:${region}:${accountId}:backup-plan:${id}`,
      versionId: Buffer.from(uuid('version', spec.name)).toString('base64'),
      accountId,
      roleArn: `arn:aws:iam::${accountId}:role/${spec.role}`,
      rules,
    };
    for (const ruleSpec of spec.rules) {
      const rule: Rule = {
        spec: ruleSpec,
        plan,
        id: uuid('rule', spec.name, ruleSpec.name),
        vault: vault(ruleSpec.vault),
        periodMs: ruleSpec.everyHours * hourMs,
        offsetMs: ruleSpec.atHour * hourMs,
      };
      rules.push(rule);
      for (const resource of ruleSpec.resources) {
        for (let replica = 0; replica < replicasAt(scale); replica += 1) {
          const unit = addUnit(rule, resource, replica);
          let after: Lane | undefined;
          for (const copy of ruleSpec.copies) after = addLane(unit, vault(copy.vault), copy.lifecycle, after);
        }
      }
    }
    return plan;
  };

  return { region, ids, vaults, plans: planSpecs.map(addPlan), units, lanes };
};

/** The composite that a unit belongs to, or the unit itself. */
export const rootOf = <T extends { readonly parent: T | undefined }>(part: T): T =>
  part.parent === undefined ? part : rootOf(part.parent);

export const dayMs = 24 * hourMs;

/** How far back the service remembers, and the time after which only one in four is kept. */
export const memoryMs = 30 * dayMs;
const thinnedAfterMs = 7 * dayMs;

/**
 * Whether a turn of a unit is still reported at `now`. A backup, its copies and their members are kept or dropped
 * together.
 */
export const isKept = (unit: Unit, turn: number, happenedAt: number, now: number): boolean => {
  const root = rootOf(unit);
  const { youngestDays } = root.spec;
  const ageMs = now - happenedAt;
  if (ageMs < (youngestDays ?? 0) * dayMs || ageMs > memoryMs) return false;
  return youngestDays !== undefined || ageMs <= thinnedAfterMs || fraction(root.key, turn, 'kept') < 0.25;
};
