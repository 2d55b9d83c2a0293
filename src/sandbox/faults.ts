import { awsBackupFaults, isAwsBackupFault, type AwsBackupFault } from './aws-backup/faults.js';
import { cohesityFaults, isCohesityFault, type CohesityFault } from './cohesity/fault.js';

/** The faults of both doubles, by name, and what each does. */
export const sandboxFaults: Readonly<Record<string, string>> = { ...cohesityFaults, ...awsBackupFaults };

/** Tells whose fault each one is; throws for a name that neither double knows. */
export const splitFaults = (
  names: readonly string[],
): { readonly cohesity: readonly CohesityFault[]; readonly aws: readonly AwsBackupFault[] } => {
  const odd = names.find((name) => !isCohesityFault(name) && !isAwsBackupFault(name));
  if (odd !== undefined)
    throw new Error(`Unknown fault "${odd}". Known ones: ${Object.keys(sandboxFaults).join(', ')}.`);
  return { cohesity: names.filter(isCohesityFault), aws: names.filter(isAwsBackupFault) };
};

/** A line for each, for those who start a sandbox. */
export const describeFaults = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].map((name) => `${name}: ${sandboxFaults[name] ?? ''}`);
