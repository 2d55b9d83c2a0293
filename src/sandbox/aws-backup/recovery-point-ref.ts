import { idInArn, recoveryPointArn } from './arns.js';
import { type Estate, type Lane, type Unit } from './estate.js';
import type { Ref } from './ids.js';
import type { Job } from './timeline.js';

const arnOf = (
  estate: Estate,
  unit: Unit,
  job: 'job' | 'copyjob',
  ref: Ref,
  region: string,
  accountId: string,
): string =>
  recoveryPointArn(
    unit.resource.type,
    job,
    { region, accountId },
    { hex: estate.ids.hex(ref), uuid: estate.ids.uuid(ref) },
  );

/** The ARN of a unit's backup at a turn. */
export const backupArn = (estate: Estate, unit: Unit, turn: number): string =>
  arnOf(
    estate,
    unit,
    'job',
    { kind: 'recoveryPoint', index: unit.index, turn },
    estate.region,
    unit.resource.accountId,
  );

const copyRef = ({ kind, index }: Lane, turn: number): Ref => ({
  kind: kind === 'copyJob' ? 'copy' : 'startedCopy',
  index,
  turn,
});

/** The ARN of a job's copy. */
export const copyArn = (estate: Estate, { lane, turn }: Job): string =>
  arnOf(estate, lane.unit, 'copyjob', copyRef(lane, turn), lane.destination.region, lane.destination.accountId);

/** The source of the recovery point with that ARN, as its id says; it may not exist yet. */
export const readRecoveryPointArn = (estate: Estate, arn: string): Ref | undefined => {
  const id = idInArn(arn);
  return id === undefined ? undefined : estate.ids.read(id);
};
