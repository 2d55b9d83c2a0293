import {
  type CopyJob,
  DescribeCopyJobCommand,
  ListCopyJobsCommand,
  type ListCopyJobsCommandInput,
} from '@aws-sdk/client-backup';
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs, idsOf, noon, startSandbox, tally } from './support.js';

/** A body as the wire has it; only a test that knows its shape reads it. */
interface RawPage {
  readonly CopyJobs?: readonly { readonly CopyJobId: string; readonly State: string }[];
}

const describeWith = async ({ client }: Awaited<ReturnType<typeof startSandbox>>, id: string | undefined) =>
  (await client.send(new DescribeCopyJobCommand({ CopyJobId: id }))).CopyJob;

describe('one copy job', () => {
  it('reads the same alone as in a list', async () => {
    const sandbox = await startSandbox();
    const jobs = await sandbox.recent(12);
    for (const job of jobs.slice(0, 20)) expect(await describeWith(sandbox, job.CopyJobId)).toEqual(job);
  });

  it('has an upper-case UUID that only that spelling finds', async () => {
    const sandbox = await startSandbox();
    const [job] = await sandbox.recent(12);
    const id = String(job?.CopyJobId);
    expect(id).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    const near = id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    for (const wrong of [
      id.toLowerCase(),
      id.replaceAll('-', ''),
      near,
      id.slice(0, -1),
      '0175DE71-5784-589F-D8AC-541ACCB4CAC8',
    ])
      await expect(describeWith(sandbox, wrong)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        Code: 'ResourceNotFoundException',
        Type: 'Client',
        Context: wrong,
        $metadata: { httpStatusCode: 400 },
      });
  });

  it('names the error with an address behind it, sometimes', async () => {
    const { client, resend } = await startSandbox();
    const types = new Set<string>();
    for (let at = 0; at < 12; at += 1) {
      await client.send(new DescribeCopyJobCommand({ CopyJobId: `nobody-${at}` })).catch(() => undefined);
      types.add(String((await resend()).headers.get('x-amzn-errortype')));
    }
    expect([...types].sort()).toEqual([
      'ResourceNotFoundException',
      expect.stringMatching(/^ResourceNotFoundException:http:\/\//),
    ]);
  });

  it('goes from CREATED over RUNNING to its end as the clock moves, and never back', async () => {
    const sandbox = await startSandbox();
    const order = ['CREATED', 'RUNNING', 'COMPLETED'];
    const young = (await sandbox.list({ ByState: 'CREATED' }))[0];
    const seen: number[] = [];
    for (let minutes = 0; minutes < 600; minutes += 10) {
      sandbox.clock.now = noon + minutes * 60_000;
      const job = await describeWith(sandbox, young?.CopyJobId);
      seen.push(order.indexOf(String(job?.State).replace('FAILED', 'COMPLETED')));
      expect(job?.CreationDate).toEqual(young?.CreationDate);
    }
    expect(seen).toEqual([...seen].sort());
    expect(new Set(seen)).toEqual(new Set([0, 1, 2]));
  });

  it('is not there before it is created, nor after 30 days', async () => {
    const sandbox = await startSandbox();
    const job = (await sandbox.list({ ByCreatedBefore: new Date(noon - 28 * dayMs) }))[0];
    const created = Number(job?.CreationDate);
    sandbox.clock.now = created - 1;
    await expect(describeWith(sandbox, job?.CopyJobId)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    sandbox.clock.now = created;
    expect(await describeWith(sandbox, job?.CopyJobId)).toMatchObject({ State: 'CREATED' });
    sandbox.clock.now = created + 30 * dayMs + 1;
    await expect(describeWith(sandbox, job?.CopyJobId)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('writes a size beyond 2^53 as an exact integer', async () => {
    const { client, resend, recent } = await startSandbox();
    const big = (await recent(24 * 30)).find(({ ResourceName }) => ResourceName === 'science-archive');
    await client.send(new DescribeCopyJobCommand({ CopyJobId: big?.CopyJobId }));
    expect(await (await resend()).text()).toContain('"BackupSizeInBytes":9007199254740993,');
  });

  it('tells times as epoch seconds, with a fraction only where there is one', async () => {
    const { client, resend } = await startSandbox();
    await client.send(new ListCopyJobsCommand({ MaxResults: 500 }));
    const times = [...(await (await resend()).text()).matchAll(/"CreationDate":([^,]*),/g)].map(([, time]) => time);
    expect(times.every((time) => /^\d{10}(\.\d{1,3})?$/.test(String(time)))).toBe(true);
    expect(times.some((time) => time?.length === 10)).toBe(true);
    expect(times.some((time) => time?.length === 14)).toBe(true);
  });

  it('brings new jobs as time goes on', async () => {
    const { list, clock } = await startSandbox();
    const before = await list({ ByCreatedAfter: new Date(noon - hourMs) });
    clock.now = noon + 24 * 40 * hourMs;
    const after = await list({ ByCreatedAfter: new Date(clock.now - dayMs) });
    expect(after.length).toBeGreaterThan(150);
    expect(idsOf(after).filter((id) => idsOf(before).includes(id))).toEqual([]);
  });
});

describe('a composite job', () => {
  it('adds up to its children, at any moment', async () => {
    const { recent, list, clock } = await startSandbox();
    const seen = new Set<string>();
    for (const minutes of [0, 35, 60, 75, 90, 110, 130, 150, 300]) {
      clock.now = noon + minutes * 60_000;
      const parents = (await recent(30)).filter(({ IsParent }) => IsParent);
      expect(parents.length).toBeGreaterThan(3);
      for (const parent of parents) {
        const children = await list({ ByParentJobId: parent.CopyJobId });
        const states = tally(children, ({ State }) => State);
        expect(children).toHaveLength(Number(parent.NumberOfChildJobs));
        expect(parent.ChildJobsInState).toEqual(states);
        const open = (states.CREATED ?? 0) + (states.RUNNING ?? 0);
        const ended = states.FAILED === children.length ? 'FAILED' : states.FAILED ? 'PARTIAL' : 'COMPLETED';
        expect(parent.State).toBe(open === 0 ? ended : states.CREATED === children.length ? 'CREATED' : 'RUNNING');
        const ends = children.map(({ CompletionDate }) => Number(CompletionDate));
        if (open === 0) expect(Number(parent.CompletionDate)).toBe(Math.max(...ends));
        for (const child of children) {
          expect(child).toMatchObject({
            ParentJobId: parent.CopyJobId,
            IsParent: false,
            CreationDate: parent.CreationDate,
          });
          expect(child.CompositeMemberIdentifier).toBeTruthy();
          expect(child.DestinationBackupVaultArn).toBe(parent.DestinationBackupVaultArn);
        }
        seen.add(String(parent.State));
      }
    }
    expect([...seen]).toEqual(expect.arrayContaining(['RUNNING', 'PARTIAL', 'COMPLETED']));
  });

  it('stands in an unfiltered list beside its children', async () => {
    const { recent } = await startSandbox();
    const jobs = await recent(24);
    const parents = new Set(jobs.filter(({ IsParent }) => IsParent).map(({ CopyJobId }) => CopyJobId));
    const children = jobs.filter(({ ParentJobId }) => ParentJobId !== undefined);
    expect(children.length).toBeGreaterThan(10);
    expect(children.filter(({ ParentJobId }) => !parents.has(ParentJobId))).toEqual([]);
  });
});

describe('the list', () => {
  it('answers both paths', async () => {
    const { client, exchanges } = await startSandbox();
    // An empty id makes the SDK send the list's path with a slash at its end.
    const answer = await client.send(new DescribeCopyJobCommand({ CopyJobId: '' }));
    expect(exchanges.at(-1)?.path).toBe('/copy-jobs/');
    expect(answer.$metadata.httpStatusCode).toBe(200);
  });

  it('keeps to every filter, and to all of them together', async () => {
    const { recent, clock } = await startSandbox();
    const jobs = await recent(72);
    const at = (hours: number) => new Date(clock.now - hours * hourMs);
    const sample = (wants: (job: CopyJob) => boolean): CopyJob => {
      const found = jobs.find(wants);
      if (found === undefined) throw new Error('the estate has none');
      return found;
    };
    const failed = sample(({ State }) => State === 'FAILED');
    const child = sample(({ ParentJobId }) => ParentJobId !== undefined);
    const twice = sample(({ ResourceName }) => ResourceName === 'api-1');
    const cases: [ListCopyJobsCommandInput, (job: CopyJob) => boolean][] = [
      ...['CREATED', 'RUNNING', 'COMPLETED', 'FAILED', 'PARTIAL'].map(
        (state): [ListCopyJobsCommandInput, (job: CopyJob) => boolean] => [
          { ByState: state as CopyJob['State'] & string }, // the SDK's enum of the same words
          ({ State }) => State === state,
        ],
      ),
      [{ ByCreatedAfter: at(20) }, ({ CreationDate }) => Number(CreationDate) > +at(20)],
      [{ ByCreatedBefore: at(20) }, ({ CreationDate }) => Number(CreationDate) < +at(20)],
      [{ ByCompleteAfter: at(20) }, ({ CompletionDate }) => Number(CompletionDate ?? 0) > +at(20)],
      [{ ByCompleteBefore: at(20) }, ({ CompletionDate }) => Number(CompletionDate ?? Infinity) < +at(20)],
      [{ ByResourceArn: twice.ResourceArn }, ({ ResourceArn }) => ResourceArn === twice.ResourceArn],
      [{ ByResourceType: 'SAP HANA on Amazon EC2' }, ({ ResourceType }) => ResourceType === 'SAP HANA on Amazon EC2'],
      [
        { ByDestinationVaultArn: twice.DestinationBackupVaultArn },
        (job) => job.DestinationBackupVaultArn === twice.DestinationBackupVaultArn,
      ],
      [{ ByAccountId: '444455556666' }, ({ AccountId }) => AccountId === '444455556666'],
      [{ ByParentJobId: child.ParentJobId }, ({ ParentJobId }) => ParentJobId === child.ParentJobId],
      [{ ByMessageCategory: 'AccessDenied' }, ({ MessageCategory }) => MessageCategory === 'AccessDenied'],
      [{ ByMessageCategory: 'INVALIDPARAMETERS' }, ({ MessageCategory }) => MessageCategory === 'InvalidParameters'],
      [{ ByMessageCategory: 'ANY' }, ({ MessageCategory }) => MessageCategory !== undefined],
      [{ ByMessageCategory: 'AGGREGATE_ALL' }, () => true],
      [
        { BySourceRecoveryPointArn: twice.SourceRecoveryPointArn },
        (job) => job.SourceRecoveryPointArn === twice.SourceRecoveryPointArn,
      ],
      [
        {
          ByState: 'FAILED',
          ByAccountId: failed.AccountId,
          ByResourceType: failed.ResourceType,
          ByCompleteAfter: at(50),
        },
        (job) =>
          job.State === 'FAILED' &&
          job.AccountId === failed.AccountId &&
          job.ResourceType === failed.ResourceType &&
          Number(job.CompletionDate) > +at(50),
      ],
    ];
    for (const [filter, wants] of cases) {
      const wanted = idsOf(jobs.filter(wants));
      expect(wanted, JSON.stringify(filter)).not.toEqual([]);
      expect(idsOf(await recent(72, filter)), JSON.stringify(filter)).toEqual(wanted);
    }
    // The same recovery point went to three vaults.
    expect(await recent(72, { BySourceRecoveryPointArn: twice.SourceRecoveryPointArn })).toHaveLength(3);
  });

  it('is empty for what is not there', async () => {
    const { list } = await startSandbox();
    const nothing: ListCopyJobsCommandInput[] = [
      { ByParentJobId: 'NOBODY' },
      { ByAccountId: '000000000000' },
      { ByResourceType: 'Toaster' },
      { BySourceRecoveryPointArn: 'arn:aws:ec2:us-east-1::image/ami-0888b126e2170b98e' },
      { ByDestinationVaultArn: '' },
    ];
    for (const filter of nothing) expect(await list(filter)).toEqual([]);
  });

  it('takes times in epoch seconds too, by the names of the wire', async () => {
    const { recent, raw } = await startSandbox();
    const seconds = noon / 1000 - 3600 * 6;
    const body = (await (await raw(`/copy-jobs?createdAfter=${seconds}&maxResults=1000`)).json()) as RawPage;
    expect(body.CopyJobs?.map(({ CopyJobId }) => String(CopyJobId)).sort()).toEqual(idsOf(await recent(6)));
    const all = (await (await raw('/copy-jobs?ByState=FAILED&maxResults=1000')).json()) as RawPage;
    expect(new Set(all.CopyJobs?.map(({ State }) => State)).size).toBeGreaterThan(1);
  });

  it('does not sort by time, and answers in the same order again', async () => {
    const { recent } = await startSandbox();
    const times = (await recent(24)).map(({ CreationDate }) => Number(CreationDate));
    expect(times).not.toEqual([...times].sort((left, right) => left - right));
    expect(times).not.toEqual([...times].sort((left, right) => right - left));
    expect((await recent(24)).map(({ CreationDate }) => Number(CreationDate))).toEqual(times);
  });

  it('refuses values that make no sense', async () => {
    const { raw } = await startSandbox();
    const bad = [
      'maxResults=0',
      'maxResults=1001',
      'maxResults=many',
      'maxResults=',
      'state=DONE',
      'state=',
      'accountId=%2A',
      'accountId=12',
      'createdAfter=yesterday',
      'createdBefore=2026-13-45T00%3A00%3A00Z',
      'completeAfter=-5',
      'completeBefore=',
      'nextToken=garbage',
      'nextToken=',
    ];
    for (const query of bad)
      expect(await (await raw(`/copy-jobs?${query}`)).json(), query).toMatchObject({
        Code: 'InvalidParameterValueException',
      });
  });
});

describe('paging', () => {
  it('gives everything once, whatever the size of a page', async () => {
    const { recent, client, clock } = await startSandbox();
    const all = idsOf(await recent(24));
    for (const MaxResults of [1, 7, 100]) {
      if (MaxResults === 1)
        expect((await client.send(new ListCopyJobsCommand({ MaxResults }))).CopyJobs).toHaveLength(1);
      else expect(idsOf(await recent(24, { MaxResults }))).toEqual(all);
    }
    const page = await client.send(new ListCopyJobsCommand({ ByCreatedAfter: new Date(clock.now - dayMs) }));
    expect(page.CopyJobs).toHaveLength(100);
  });

  it('tells the jobs as they were with the first page, while the clock moves on', async () => {
    const { client, clock, recent } = await startSandbox();
    const filters = { ByCreatedAfter: new Date(noon - dayMs), MaxResults: 40 };
    const whole = await recent(24);
    const jobs: CopyJob[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListCopyJobsCommand({ ...filters, ...(token !== undefined && { NextToken: token }) }),
      );
      jobs.push(...(page.CopyJobs ?? []));
      token = page.NextToken;
      clock.now += 20 * 60_000;
    } while (token !== undefined);
    expect(jobs).toEqual(whole);
  });

  it('binds a token to its filters, but not to the size of the page', async () => {
    const { client, clientWith, clock } = await startSandbox();
    const since = { ByCreatedAfter: new Date(clock.now - dayMs) };
    const first = await client.send(new ListCopyJobsCommand({ ...since, MaxResults: 5 }));
    const NextToken = String(first.NextToken);
    expect(
      (await clientWith().send(new ListCopyJobsCommand({ ...since, MaxResults: 9, NextToken }))).CopyJobs,
    ).toHaveLength(9);
    const wrong: ListCopyJobsCommandInput[] = [
      { NextToken },
      { ...since, ByState: 'FAILED', NextToken },
      { ByCreatedAfter: new Date(clock.now - dayMs + 1000), NextToken },
      { ...since, NextToken: `${NextToken}A` },
      { ...since, NextToken: NextToken.slice(0, -2) },
      { ...since, NextToken: Buffer.from(`${noon}.0.0.x`).toString('base64url') },
    ];
    for (const input of wrong)
      await expect(client.send(new ListCopyJobsCommand(input))).rejects.toMatchObject({
        name: 'InvalidParameterValueException',
        $metadata: { httpStatusCode: 400 },
      });
  });

  it('outlives the sandbox that wrote the token', async () => {
    const first = await startSandbox();
    const page = await first.client.send(new ListCopyJobsCommand({ MaxResults: 5 }));
    const second = await startSandbox();
    second.clock.now += hourMs;
    const input = { MaxResults: 5, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
    const [next, same] = [
      await second.client.send(new ListCopyJobsCommand(input)),
      await first.client.send(new ListCopyJobsCommand(input)),
    ];
    expect(next.CopyJobs).toEqual(same.CopyJobs);
  });
});
