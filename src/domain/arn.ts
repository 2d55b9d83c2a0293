/** The parts of an ARN that we read: `arn:partition:service:region:account:resource`. */
interface Arn {
  readonly region: string | null;
  readonly accountId: string | null;
  readonly resource: string; // all that follows the account, colons included
}

/** Takes an ARN apart; `null` for a text that is not an ARN. Region and account may be empty, as in an AMI's ARN. */
export const parseArn = (text: string): Arn | null => {
  const [arn, , , region, account, ...resource] = text.split(':');
  if (arn !== 'arn' || region === undefined || account === undefined || resource.length === 0) return null;
  return { region: region || null, accountId: account || null, resource: resource.join(':') };
};

/** The last part of an ARN, as a person would name the thing: `i-0515aee7de03f58e1`. */
export const lastPartOf = (arn: string): string => arn.split(/[:/]/).findLast((part) => part !== '') ?? arn;
