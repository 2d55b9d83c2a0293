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

/** The ARN of the backup a unit made at a turn. */
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

/** The ARN of the copy that a job makes. */
export const copyArn = (estate: Estate, { lane, turn }: Job): string =>
  arnOf(estate, lane.unit, 'copyjob', copyRef(lane, turn), lane.destination.region, lane.destination.accountId);

/** What an ARN is the recovery point of, as far as its id tells; whether it has been made yet is another question. */
export const readRecoveryPointArn = (estate: Estate, arn: string): Ref | undefined => {
  const id = idInArn(arn);
  return id === undefined ? undefined : estate.ids.read(id);
};
