import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { apiKey, bearer } from '../support/keys.js';
import {
  ago,
  changes,
  copyJob,
  gistOf,
  looks,
  runIdOf,
  runWith,
  startLive,
  resourcesLeft,
  stepwise,
  told,
  watch,
} from '../support/live.js';
import { type Wire, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';
import { until } from '../support/until.js';

describe('a stream of copies', () => {
  it('tells what a copy of a cluster does, each step once', async () => {
    const live = await startLive();
    const startedAt = ago(1);
    live.held.runs.push(runWith(ago(3), 'kSuccess', 1000));
    const watching = watch(live, changes());
    await looks(live.cohesity);
    expect(watching.events).toEqual([]); // nothing is unfinished, so there is nothing to say

    const gists: string[] = [];
    for (const [status, moved, gist] of [
      ['kAccepted', 0, 'STARTED >QUEUED 0'],
      ['kRunning', 300, 'CHANGED QUEUED>RUNNING 0.3'],
      ['kRunning', 600, 'PROGRESSED RUNNING>RUNNING 0.6'],
      ['kSuccess', 1000, 'FINISHED RUNNING>SUCCEEDED 1'],
    ] as const) {
      live.held.runs[1] = runWith(startedAt, status, moved);
      gists.push(gist);
      await told(watching, ...gists);
      await looks(live.cohesity); // another poll shows nothing new
    }
    await told(watching, ...gists);
    expect(watching.events.map(({ operation }) => operation.id)).toEqual(gists.map(() => runIdOf(startedAt)));
    expect(watching.errors).toEqual([]);
  });

  it('tells what a copy job does, each step once', async () => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'CREATED'));
    const watching = watch(live, changes());
    const gists = ['SNAPSHOT >QUEUED -'];
    await told(watching, ...gists);
    for (const [state, overrides, gist] of [
      ['RUNNING', {}, 'CHANGED QUEUED>RUNNING -'],
      ['RUNNING', { BackupSizeInBytes: 5000 }, 'PROGRESSED RUNNING>RUNNING -'],
      ['FAILED', { BackupSizeInBytes: 5000, StatusMessage: 'Access denied' }, 'FINISHED RUNNING>FAILED -'],
    ] as const) {
      live.held.copyJobs[0] = copyJob('J1', state, overrides);
      gists.push(gist);
      await told(watching, ...gists);
      await looks(live.aws);
    }
    await told(watching, ...gists);
  });

  it('tells of one that came and went between two looks once, as it is', async () => {
    const live = await startLive();
    const watching = watch(live, changes());
    await looks(live.aws);
    live.held.copyJobs.push(copyJob('J1', 'COMPLETED'));
    await told(watching, 'FINISHED >SUCCEEDED -');
    await looks(live.aws);
    await told(watching, 'FINISHED >SUCCEEDED -');
  });

  it('follows copies that began days ago, and one whose run began long before it did', async () => {
    const live = await startLive();
    const late = ago(60);
    const copiesAt = (status: string): Wire[] => [
      runWith(ago(120), status),
      { ...runWith(late, status, 0, { runStartTimeUsecs: ago(1) }), jobId: 8 },
    ];
    const at = copiesAt('kRunning');
    live.held.runs.push(...at);
    live.held.copyJobs.push(copyJob('J1', 'RUNNING', { CreationDate: ago(100) / 1_000_000 }));
    const watching = watch(live, changes());
    await until(() => expect(watching.events).toHaveLength(3));
    await looks(live.cohesity);
    const ended = (one: Wire): Wire => ({
      ...one,
      copyRun: (one['copyRun'] as Wire[]).map((copy) => ({ ...copy, status: 'kSuccess' })), // as `runWith` made it
    });
    // The one that began first ends first. The next poll need not reach back so far.
    live.held.runs.splice(0, 2, ...at.map((one, index) => (index === 0 ? ended(one) : one)));
    live.held.copyJobs[0] = copyJob('J1', 'COMPLETED', { CreationDate: ago(100) / 1_000_000 });
    await until(() => expect(watching.events).toHaveLength(5));
    await looks(live.cohesity);
    live.held.runs.splice(0, 2, ...at.map(ended));
    await until(() => expect(watching.events).toHaveLength(6));
    await looks(live.cohesity);
    expect(watching.events.map(({ change }) => change)).toEqual([
      ...['SNAPSHOT', 'SNAPSHOT', 'SNAPSHOT'],
      ...['FINISHED', 'FINISHED', 'FINISHED'],
    ]);
  });
});

describe('a copy that is deleted while it runs', () => {
  it.each([
    ['without a cache', undefined],
    ['with what is over in the cache', {}],
  ])('is not there for who comes next, %s', async (_how, cache) => {
    const live = await startLive(cache === undefined ? {} : { cache });
    const over = runWith(ago(6), 'kSuccess', 1000, { stats: { endTimeUsecs: ago(5) } });
    const other = runWith(ago(3), 'kRunning', 20);
    live.held.runs.push(over, runWith(ago(2), 'kRunning', 10), other);
    const watching = watch(live, changes('', '{ upstreams: ["dc-east"] }'));
    await until(() => expect(watching.events).toHaveLength(2));
    await looks(live.cohesity, 5);
    live.held.runs.splice(1, 1);
    await looks(live.cohesity);
    const next = watch(live, changes('', '{ upstreams: ["dc-east"] }'));
    await told(next, 'SNAPSHOT >RUNNING 0.02');
    expect(watching.events).toHaveLength(2); // nobody says of it that it has ended
  });
});

describe('a filter', () => {
  const startedAt = ago(2);
  const run = (remote: string, archival: string, expiryTimeUsecs?: number): Wire =>
    wireRunOf(7, startedAt, {
      copyRun: [
        wireCopyRun(501, {
          status: remote,
          runStartTimeUsecs: startedAt,
          copySnapshotTasks: [wireTask(wireSource(11), { status: remote, taskStartTimeUsecs: startedAt })],
        }),
        wireCopyRun(502, {
          status: archival,
          runStartTimeUsecs: startedAt,
          target: { type: 'kArchival', archivalTarget: { vaultName: 'glacier', vaultType: 'kCloud' } },
          expiryTimeUsecs,
        }),
      ],
    });
  const expiry = ago(-9);
  const steps: readonly { readonly runs: readonly Wire[]; readonly copyJobs: readonly Wire[] }[] = [
    { runs: [run('kRunning', 'kAccepted')], copyJobs: [copyJob('J1', 'RUNNING')] },
    { runs: [run('kRunning', 'kRunning')], copyJobs: [copyJob('J1', 'RUNNING')] },
    { runs: [run('kSuccess', 'kRunning')], copyJobs: [copyJob('J1', 'RUNNING')] },
    { runs: [run('kSuccess', 'kRunning', expiry)], copyJobs: [copyJob('J1', 'COMPLETED')] },
    { runs: [run('kSuccess', 'kRunning', expiry)], copyJobs: [copyJob('J1', 'COMPLETED', { MessageCategory: 'x' })] },
  ];

  it('of accounts asks AWS for the jobs of each, and for no others', async () => {
    const live = await startLive();
    live.held.copyJobs.push(
      copyJob('J1', 'RUNNING', { AccountId: '111122223333' }),
      copyJob('J2', 'RUNNING', { AccountId: '444455556666' }),
    );
    const watching = watch(live, changes('', '{ types: [COPY_JOB], accountIds: ["111122223333", "444455556666"] }'));
    await until(() =>
      expect(watching.events.map(({ operation }) => operation.id).sort()).toEqual([
        'CopyJob:aws-prod:J1',
        'CopyJob:aws-prod:J2',
      ]),
    );
    expect(new Set(live.aws.seen.map(({ query }) => query.get('accountId')))).toEqual(
      new Set(['111122223333', '444455556666']),
    );
  });

  it.each([
    ['an id that is none', ['*']],
    ['more accounts than are polled', Array.from({ length: 21 }, (_, index) => String(111122223300 + index))],
  ])('of %s is refused before anything is asked', async (_what, accountIds) => {
    const live = await startLive();
    const watching = watch(live, changes('', `{ types: [COPY_JOB], accountIds: ${JSON.stringify(accountIds)} }`));
    await until(() => expect(watching.errors).toHaveLength(1));
    expect(watching.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'filter.accountIds' });
    expect(live.aws.seen).toEqual([]);
  });

  it('is applied to what the one poller brings, and what leaves it is told once more', async () => {
    const [at0, at1, at2, at3] = [
      ['501 SNAPSHOT RUNNING', '502 SNAPSHOT QUEUED', 'J1 SNAPSHOT RUNNING'],
      ['502 CHANGED RUNNING'],
      ['501 FINISHED SUCCEEDED'],
      ['502 CHANGED RUNNING', 'J1 FINISHED SUCCEEDED'],
    ];
    const only = (name: string) => [at0, at1, at2, at3].map((all) => all?.filter((one) => one.startsWith(name)));
    const cases: readonly (readonly [filter: string, expected: readonly (readonly string[] | undefined)[]])[] = [
      ['', [at0, at1, at2, at3]],
      ['{ finished: false }', [at0, at1, at2, at3]],
      ['{ upstreams: ["aws-prod"] }', only('J1')],
      ['{ types: [COPY_JOB] }', only('J1')],
      ['{ targetKinds: [ARCHIVAL] }', only('502')],
      ['{ states: [RUNNING] }', [at0?.filter((one) => !one.startsWith('502')), at1, at2, at3]],
      ['{ states: [SUCCEEDED] }', [[], [], at2, ['J1 FINISHED SUCCEEDED']]],
      ['{ objectName: "VM-11" }', only('501')],
      ['{ types: [COPY_SNAPSHOT_TASK] }', [['11 SNAPSHOT RUNNING'], [], ['11 FINISHED SUCCEEDED'], []]],
      ['{ accountIds: ["999900001111"] }', [[], [], [], []]],
      ['{ targetIds: ["CopyTarget:dc-east:REMOTE:77"] }', only('501')],
      ['{ targetIds: ["CopyTarget:aws-prod:LOCAL"] }', [[], [], [], []]],
      ['{ onLegalHold: false, dataLocked: false }', [at0, at1, at2, at3]],
      ['{ onLegalHold: true }', [[], [], [], []]],
      ['{ dataLocked: true }', [[], [], [], []]],
      ['{ longerThanSeconds: 1000000 }', [[], [], [], []]],
      ['{ errorContains: "no such text" }', [[], [], [], []]],
      ['{ types: [COPY_RUN], expiresAfter: "2000-01-01T00:00:00Z" }', [[], [], [], only('502')[3]]],
    ];
    const live = await startLive();
    const hold = (step: (typeof steps)[number] | undefined): void => {
      live.held.runs.splice(0, 1, ...(step?.runs ?? []));
      live.held.copyJobs.splice(0, 1, ...(step?.copyJobs ?? []));
    };
    hold(steps[0]);
    const nameOf = (id: string): string =>
      (id.startsWith('CopyRun:') ? /50\d$/.exec(id)?.[0] : id.split(':').at(-1)) ?? id;
    const all = cases.map(([filter, expected]) => ({ filter, expected, watching: watch(live, changes('', filter)) }));
    const toldSoFar = ({ watching }: (typeof all)[number]): readonly string[] =>
      watching.events.map(({ change, operation }) => `${nameOf(operation?.id ?? '')} ${change} ${operation?.state}`);
    for (let step = 0; step < steps.length; step += 1) {
      hold(steps[step]);
      await until(() => {
        for (const one of all) {
          const expected = one.expected.slice(0, step + 1).flatMap((some) => some ?? []);
          // The order in which the products are read is not promised.
          expect([one.filter, ...toldSoFar(one)].sort()).toEqual([one.filter, ...expected].sort());
        }
      });
      await looks(live.cohesity, 4); // two kinds of poll
      await looks(live.aws);
    }
    for (const one of all) {
      expect([...toldSoFar(one)].sort()).toEqual(one.expected.flatMap((some) => some ?? []).sort());
      expect(one.watching.errors).toEqual([]);
    }
  });

  it('of one product leaves the other in peace', async () => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    const watching = watch(live, changes('', '{ types: [COPY_JOB] }'));
    await told(watching, 'SNAPSHOT >RUNNING -');
    await looks(live.aws);
    expect(live.cohesity.seen).toEqual([]);
  });

  it.each([
    ['{ upstreams: ["elsewhere"] }', 'filter.upstreams'],
    ['{ protectionJobIds: ["CopyJob:aws-prod:J1"] }', 'filter.protectionJobIds'],
    ['{ states: [SLEEPING] }', undefined],
  ])('that is none is an error and no stream: %s', async (filter, argument) => {
    const live = await startLive();
    const watching = watch(live, changes('', filter));
    await watching.ended;
    expect(watching.events).toEqual([]);
    if (argument !== undefined)
      expect(watching.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect([...live.cohesity.seen, ...live.aws.seen]).toEqual([]);
  });
});

describe('who subscribes', () => {
  const apiKeys = [
    apiKey('reader', ['copy:read']),
    apiKey('aws-reader', ['copy:read'], ['aws-prod']),
    apiKey('presser', ['failover:execute']),
  ];

  it('needs the scope', async () => {
    const live = await startLive({ auth: { apiKeys } });
    const watching = watch(live, changes(), { headers: bearer('presser') });
    await watching.ended;
    expect(watching.events).toEqual([]);
    expect(watching.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect([...live.cohesity.seen, ...live.aws.seen]).toEqual([]);
  });

  it('sees nothing of an upstream that the key does not reach, and does not have it asked', async () => {
    const live = await startLive({ auth: { apiKeys } });
    live.held.runs.push(runWith(ago(1), 'kRunning'));
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    const narrow = watch(live, changes(), { headers: bearer('aws-reader') });
    await told(narrow, 'SNAPSHOT >RUNNING -');
    expect(live.cohesity.seen).toEqual([]);
    expect(narrow.events[0].upstreamReports.map((one: { upstream: { name: string } }) => one.upstream.name)).toEqual([
      'aws-prod',
    ]);
    const named = watch(live, changes('', '{ upstreams: ["dc-east"] }'), { headers: bearer('aws-reader') });
    await named.ended;
    expect(named.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);

    const wide = watch(live, changes(), { headers: bearer('reader') });
    await until(() => expect(wide.events).toHaveLength(2));
    await looks(live.cohesity);
    expect(narrow.events).toHaveLength(1);
  });
});

describe('one poller', () => {
  /** Plays four polls, each of which moves a copy of each product. The result counts the requests to each product. */
  const play = async (subscribers: number): Promise<readonly number[]> => {
    const live = await startLive({ limits: { lookBackHours: 24, maxConcurrentOperations: 1000 } });
    const [cluster, endpoint] = [stepwise(live.cohesity), stepwise(live.aws)];
    const startedAt = ago(1);
    const watchMany = (count: number) => Array.from({ length: count }, () => watch(live, changes()));
    const have = (some: ReturnType<typeof watchMany>, count: number): Promise<void> =>
      until(() => {
        for (const { events } of some) expect(events).toHaveLength(count);
      });
    const early = watchMany(Math.ceil(subscribers / 2));
    const late: ReturnType<typeof watchMany> = [];
    for (let round = 1; round <= 4; round += 1) {
      await cluster.waiting();
      await endpoint.waiting();
      if (round === 1) await until(() => expect(live.subscribed()).toBe(early.length));
      if (round === 3) {
        late.push(...watchMany(subscribers - early.length));
        await have(late, 2); // while the poll in progress has no answer
      }
      live.held.runs[0] = runWith(startedAt, 'kRunning', round);
      live.held.copyJobs[0] = copyJob('J1', 'RUNNING', { BackupSizeInBytes: round });
      cluster.step();
      endpoint.step();
      await have(early, 2 * round);
      await have(late, 2 * round - 2);
    }
    await cluster.waiting();
    await endpoint.waiting();
    for (const { errors } of [...early, ...late]) expect(errors).toEqual([]);
    return [live.cohesity.seen.length, live.aws.seen.length];
  };

  it('serves 200 subscribers with the calls of one', async () => {
    expect(await play(1)).toEqual([5, 5]);
    expect(await play(200)).toEqual([5, 5]);
  });

  it('has the beginning ready for who joins later, without another look', async () => {
    const live = await startLive();
    const cluster = stepwise(live.cohesity);
    live.held.runs.push(runWith(ago(1), 'kRunning', 100));
    const first = watch(live, changes('', '{ upstreams: ["dc-east"] }'));
    await cluster.waiting();
    cluster.step();
    await told(first, 'SNAPSHOT >RUNNING 0.1');
    await cluster.waiting();
    const second = watch(live, changes('', '{ upstreams: ["dc-east"] }'));
    await told(second, 'SNAPSHOT >RUNNING 0.1');
    expect(live.cohesity.seen).toHaveLength(2); // the second waits for its answer
    cluster.release();
  });

  it('is gone with the last subscriber: no call, no timer, no socket', async () => {
    const live = await startLive();
    live.held.runs.push(runWith(ago(1), 'kRunning', 100));
    const play = async (subscribers: number): Promise<void> => {
      const watching = Array.from({ length: subscribers }, () => watch(live, changes()));
      await until(() => {
        for (const { events } of watching) expect(events).toHaveLength(1);
      });
      watching.forEach(({ leave }) => leave());
      await until(() => expect(live.subscribed()).toBe(0));
    };
    await play(1); // what connections are kept for later is kept from now on
    const before = await resourcesLeft();
    expect(before.timers).toBe(0);
    await play(50);
    const after = await resourcesLeft(before);
    expect(after.timers).toBe(0);
    expect(after.sockets).toBeLessThanOrEqual(before.sockets);
    const calls = live.cohesity.seen.length;
    await live.execute('{ upstreams { name } }');
    expect(live.cohesity.seen).toHaveLength(calls);
  });

  it('begins again for who comes after', async () => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    for (let time = 0; time < 3; time += 1) {
      const watching = watch(live, changes());
      await told(watching, 'SNAPSHOT >RUNNING -');
      watching.leave();
      await until(() => expect(live.subscribed()).toBe(0));
    }
  });
});

describe('an upstream that is down', () => {
  const denied = {
    status: 403,
    headers: { 'x-amzn-errortype': 'AccessDeniedException' },
    body: { Message: 'not for you' },
  };

  it('is told in the stream, which goes on, and so is its return', async () => {
    const live = await startLive();
    const startedAt = ago(1);
    live.held.runs.push(runWith(startedAt, 'kRunning', 100));
    live.held.copyJobs.push(copyJob('J1', 'CREATED'));
    live.aws.before = () => denied;
    const watching = watch(live, changes());
    await until(() => expect(watching.events).toHaveLength(2));
    expect(watching.events.map(gistOf).toSorted()).toEqual([
      expect.stringMatching(/^CHANGED .*aws-prod false/),
      'SNAPSHOT >RUNNING 0.1',
    ]);
    const down = watching.events.find(({ operation }) => operation === null);
    expect(down.upstreamReports).toContainEqual({
      upstream: { name: 'aws-prod' },
      ok: false,
      error: { code: 'UPSTREAM_AUTH' },
    });

    const gists = watching.events.map(gistOf);
    const next = async (gist: string): Promise<void> => {
      gists.push(gist);
      await told(watching, ...gists);
      await looks(live.aws);
      await looks(live.cohesity);
    };
    await looks(live.aws); // still down, and no second event says so
    // The other one goes on, and says each time how its neighbour is.
    live.held.runs[0] = runWith(startedAt, 'kRunning', 200);
    await next('PROGRESSED RUNNING>RUNNING 0.2');
    expect(watching.events.at(-1).upstreamReports).toContainEqual(expect.objectContaining({ ok: false }));

    live.aws.before = () => undefined;
    await next('SNAPSHOT >QUEUED -'); // the event that could not be sent at the beginning
    expect(watching.events.at(-1).upstreamReports).toEqual([
      { upstream: { name: 'dc-east' }, ok: true, error: null },
      { upstream: { name: 'aws-prod' }, ok: true, error: null },
    ]);

    live.aws.before = () => denied;
    await next('CHANGED dc-east true aws-prod false');
    live.aws.before = () => undefined;
    await next('CHANGED dc-east true aws-prod true');

    live.aws.before = () => denied;
    await next('CHANGED dc-east true aws-prod false');
    live.held.copyJobs[0] = copyJob('J1', 'RUNNING');
    live.aws.before = () => undefined;
    await next('CHANGED QUEUED>RUNNING -'); // its report says that it is back
    expect(watching.errors).toEqual([]);
  });
});

describe('what hangs on an event', () => {
  const fields = '... on CopyRun { protectionJob { name } copySnapshotTasks { totalCount } }';
  const job = (name: string): Wire => ({ id: 7, name });

  it('is read anew for each, with a budget and a deadline of its own', async () => {
    const limits = { requestTimeoutMs: 3000, maxUpstreamCalls: 3 };
    const live = await startLive({ limits });
    const startedAt = ago(1);
    const began = performance.now();
    live.held.jobs[0] = job('name 0');
    live.held.runs[0] = runWith(startedAt, 'kRunning', 0);
    const watching = watch(live, changes(fields));
    for (let round = 0; round < 4; round += 1) {
      live.held.jobs[0] = job(`name ${round}`);
      live.held.runs[0] = runWith(startedAt, 'kRunning', round);
      await until(() => expect(watching.events).toHaveLength(round + 1));
    }
    await until(() => expect(performance.now() - began).toBeGreaterThan(limits.requestTimeoutMs));
    live.held.jobs[0] = job('name 4');
    live.held.runs[0] = runWith(startedAt, 'kSuccess', 1000);
    await until(() => expect(watching.events).toHaveLength(5));
    expect(watching.errors).toEqual([]);
    expect(watching.events.map(({ operation }) => operation.protectionJob.name)).toEqual(
      Array.from({ length: 5 }, (_, round) => `name ${round}`),
    );
    expect(watching.events.map(({ operation }) => operation.copySnapshotTasks.totalCount)).toEqual([0, 0, 0, 0, 0]);
  });

  it('that cannot be read costs a field of that event, and the stream goes on', async () => {
    const live = await startLive({ limits: { requestTimeoutMs: 300 } });
    const startedAt = ago(1);
    live.held.jobs[0] = job('VM Gold');
    live.held.runs[0] = runWith(startedAt, 'kRunning', 0);
    let hang = true;
    live.cohesity.before = ({ path }) =>
      hang && path.endsWith('/protectionJobs') ? new Promise(() => undefined) : undefined;
    const watching = watch(live, changes(fields));
    await until(() => expect(watching.events).toHaveLength(1));
    expect(watching.events[0]).toMatchObject({ change: 'SNAPSHOT', operation: { protectionJob: null } });
    expect(watching.errors).toHaveLength(1);
    hang = false;
    live.held.runs[0] = runWith(startedAt, 'kRunning', 500);
    await until(() => expect(watching.events).toHaveLength(2));
    expect(watching.events[1]).toMatchObject({
      change: 'PROGRESSED',
      operation: { protectionJob: { name: 'VM Gold' } },
    });
    expect(watching.errors).toHaveLength(1);
  });
});

describe('a reader who does not read', () => {
  it('costs no memory, and gets the newest of each copy when it does', async () => {
    const [count, rounds] = [10, 40];
    const live = await startLive({ live: { minSeconds: 0.001, maxSeconds: 0.01 } });
    const filler = 'x'.repeat(60_000);
    const jobsAt = (round: number): Wire[] =>
      Array.from({ length: count }, (_, index) =>
        copyJob(`J${index}`, 'RUNNING', { BackupSizeInBytes: round, ResourceName: filler }),
      );
    live.held.copyJobs.push(...jobsAt(0));
    const filter = '{ types: [COPY_JOB] }';
    const query = `subscription { copyOperationChanged(filter: ${filter}) { operation { id name sizeBytes } } }`;
    const slow = request(live.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    });
    slow.end(JSON.stringify({ query }));
    const response = await new Promise<IncomingMessage>((resolve) => slow.once('response', resolve));

    const quick = watch(live, `subscription { copyOperationChanged(filter: ${filter}) { change } }`);
    for (let round = 1; round <= rounds; round += 1) {
      await until(() => expect(quick.events).toHaveLength(count * round));
      live.held.copyJobs.splice(0, count, ...jobsAt(round));
    }
    await until(() => expect(quick.events).toHaveLength(count * (rounds + 1)));

    const newest = new Map<string, number>();
    let events = 0;
    let rest = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [, json] = /^data: (\{.*\})$/.exec(line) ?? [];
        if (json === undefined) continue;
        events += 1;
        const { operation } = JSON.parse(json).data.copyOperationChanged;
        newest.set(operation.id, Number(operation.sizeBytes));
      }
    });
    await until(() => expect([...newest.values()].filter((size) => size === rounds)).toHaveLength(count));
    slow.destroy();
    // The reader gets the events that fit into the buffers of two sockets, and one event of each copy.
    expect(events).toBeLessThan((count * rounds) / 3);
  });
});
