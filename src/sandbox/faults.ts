import { awsBackupFaults, isAwsBackupFault, type AwsBackupFault } from './aws-backup/faults.js';
import { cohesityFaults, isCohesityFault, type CohesityFault } from './cohesity/fault.js';

/** The faults of both doubles, by name, with their effects. */
export const sandboxFaults: Readonly<Record<string, string>> = { ...cohesityFaults, ...awsBackupFaults };

/** Divides faults between the doubles; throws for an unknown name. */
export const splitFaults = (
  names: readonly string[],
): { readonly cohesity: readonly CohesityFault[]; readonly aws: readonly AwsBackupFault[] } => {
  const odd = names.find((name) => !isCohesityFault(name) && !isAwsBackupFault(name));
  if (odd !== undefined)
    throw new Error(`Unknown fault "${odd}". Known ones: ${Object.keys(sandboxFaults).join(', ')}.`);
  return { cohesity: names.filter(isCohesityFault), aws: names.filter(isAwsBackupFault) };
};

/** A line for each fault, for the person who starts a sandbox. */
export const describeFaults = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].map((name) => `${name}: ${sandboxFaults[name] ?? ''}`);
