import {
  DescribeBackupVaultCommand,
  DescribeCopyJobCommand,
  GetBackupPlanCommand,
  ListBackupPlansCommand,
  ListCopyJobsCommand,
} from '@aws-sdk/client-backup';
import { describe, expect, it } from 'vitest';
import { awsBackupSandboxCredentials } from '../../../src/sandbox/aws-backup/server.js';
import { signedHeaders, startSandbox } from './support.js';

const errorName = async (response: Response): Promise<string> =>
  `${response.status} ${response.headers.get('x-amzn-errortype')?.split(':')[0]}`;

describe('the signature', () => {
  it('is right whatever characters an id has', async () => {
    const { client } = await startSandbox();
    const odd = ["a b/../c:é'(*)!", '..', '%2F', 'a+b&c=d', '~_-.', '日本', '%', '?#'];
    for (const CopyJobId of odd)
      await expect(client.send(new DescribeCopyJobCommand({ CopyJobId }))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: expect.stringContaining(CopyJobId),
        $metadata: { httpStatusCode: 400 },
      });
  });

  it('covers names with slashes, which come percent-encoded', async () => {
    const { client } = await startSandbox();
    const vault = await client.send(
      new DescribeBackupVaultCommand({ BackupVaultName: 'aws/efs/automatic-backup-vault' }),
    );
    expect(vault.BackupVaultName).toBe('aws/efs/automatic-backup-vault');
    const { BackupPlansList = [] } = await client.send(new ListBackupPlansCommand({}));
    const own = BackupPlansList.find(({ BackupPlanId }) => BackupPlanId?.startsWith('aws/efs/'));
    const plan = await client.send(new GetBackupPlanCommand({ BackupPlanId: own?.BackupPlanId }));
    expect(plan.BackupPlan?.BackupPlanName).toBe('aws/efs/automatic-backup-plan');
  });

  it('is right whatever characters a filter has', async () => {
    const { client } = await startSandbox();
    const { CopyJobs } = await client.send(
      new ListCopyJobsCommand({ ByResourceArn: "a b+c/d=e&f'(*)!é", ByResourceType: 'SAP HANA on Amazon EC2' }),
    );
    expect(CopyJobs).toEqual([]);
  });

  it('may be made by hand, with only the headers that must be signed', async () => {
    const { sandbox } = await startSandbox();
    const headers = signedHeaders(`${sandbox.url}/copy-jobs`);
    expect((await fetch(`${sandbox.url}/copy-jobs`, { headers })).status).toBe(200);
  });

  it('refuses a wrong secret and an unknown key', async () => {
    const { clientWith } = await startSandbox();
    const { accessKeyId, secretAccessKey } = awsBackupSandboxCredentials;
    const listWith = (key: string, secret: string) =>
      clientWith({ accessKeyId: key, secretAccessKey: secret }).send(new ListCopyJobsCommand({}));
    await expect(listWith(accessKeyId, 'wrong')).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(listWith('AKIDSOMEBODYELSE', secretAccessKey)).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('refuses another Region and another service', async () => {
    const { sandbox, clientWith } = await startSandbox();
    await expect(
      clientWith(awsBackupSandboxCredentials, 'eu-west-1').send(new ListCopyJobsCommand({})),
    ).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    const headers = signedHeaders(`${sandbox.url}/copy-jobs`, { service: 's3' });
    expect(await errorName(await fetch(`${sandbox.url}/copy-jobs`, { headers }))).toBe('403 InvalidSignatureException');
  });

  it('refuses what was changed after signing', async () => {
    const { client, resend, exchanges } = await startSandbox();
    await client.send(new ListCopyJobsCommand({ ByState: 'RUNNING', MaxResults: 5 }));
    const signed = exchanges.at(-1)?.headers;
    expect((await resend()).status).toBe(200);
    expect((await resend({ target: '/copy-jobs?maxResults=5&state=RUNNING' })).status).toBe(200);
    const tampered = [
      { target: '/copy-jobs/?maxResults=5&state=RUNNING' },
      { target: '/resources?maxResults=5&state=RUNNING' },
      { target: '/copy-jobs?maxResults=6&state=RUNNING' },
      { target: '/copy-jobs?maxResults=5' },
      { method: 'PUT', body: '{}' },
      { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
      { headers: { 'amz-sdk-request': 'attempt=2; max=2' } },
      { headers: { authorization: `${signed?.authorization?.slice(0, -4)}0000` } },
    ];
    for (const change of tampered) expect(await errorName(await resend(change))).toBe('403 InvalidSignatureException');
  });

  it('refuses a request without one, or with half of one', async () => {
    const { sandbox } = await startSandbox();
    const missing = await fetch(`${sandbox.url}/copy-jobs`);
    expect(await errorName(missing)).toBe('403 MissingAuthenticationTokenException');
    expect(missing.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(missing.headers.get('x-copygraph-sandbox')).toBe('aws-backup');
    const half = await fetch(`${sandbox.url}/copy-jobs`, {
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=x' },
    });
    expect(await errorName(half)).toBe('400 IncompleteSignatureException');
  });

  it('refuses one that is more than 15 minutes old or ahead, by the real clock', async () => {
    const { sandbox } = await startSandbox();
    const send = (at: number) =>
      fetch(`${sandbox.url}/copy-jobs`, { headers: signedHeaders(`${sandbox.url}/copy-jobs`, { at }) });
    expect((await send(Date.now() - 14 * 60_000)).status).toBe(200);
    expect(await errorName(await send(Date.now() - 16 * 60_000))).toBe('403 RequestExpired');
    expect(await errorName(await send(Date.now() + 16 * 60_000))).toBe('403 RequestExpired');
  });

  it('does not make a wrong path right', async () => {
    const { sandbox } = await startSandbox();
    expect((await fetch(`${sandbox.url}/nowhere`)).status).toBe(403);
  });
});
