import { describe, expect, it } from 'vitest';
import type { Details, FailoverAttempt } from '../../../src/domain/failover-attempt.js';
import { SENT_BEFORE, type TakenStepName, stepActions } from '../../../src/domain/failover-step.js';
import { micros } from '../../../src/domain/micros.js';
import { toFailoverWorkflow } from '../../../src/domain/workflow-of.js';

let nth = 0;
const now = micros(1_000_000_000);
const longest = 1_000_000;

/** An attempt at a step of the workflow `wf`, accepted a while ago; members from the test win. */
const attempt = (name: TakenStepName, members: Partial<FailoverAttempt> = {}): FailoverAttempt => {
  nth += 1;
  return {
    attemptId: `attempt-${nth}`,
    upstream: 'dc-west',
    key: `${stepActions[name]}:wf${name === 'INIT' ? '' : `:${nth}`}`,
    bodyDigest: 'digest',
    objectIds: name === 'DEACTIVATE' ? ['101', '102'] : ['501', '502'],
    replicationClusterId: null,
    step: name,
    subject: 'failover workflows',
    ground: [],
    madeId: null,
    principal: 'ann',
    startedAt: micros(nth),
    outcome: 'accepted',
    ...members,
  };
};

const pairs = [
  { replicaObjectId: '501', sourceObjectId: '101' },
  { replicaObjectId: '502', sourceObjectId: '102' },
];
const init = attempt('INIT', { order: { kind: 'UNPLANNED', sourceClusterId: '1' }, answer: { pairs } });
const links = [
  { replicaObjectId: '501', recoveredObjectId: '9501' },
  { replicaObjectId: '502', recoveredObjectId: '9502' },
];
const linked = attempt('LINK', { order: { links } });
const activated = (answer: Details = {}) => attempt('ACTIVATE', { answer });

const workflowOf = (...attempts: readonly FailoverAttempt[]) =>
  toFailoverWorkflow({
    ...{ upstream: 'dc-west', failoverId: 'wf', attempts, source: 'dc-east', planned: null, now, longest },
  });

const wordOf = (of: ReturnType<typeof workflowOf>, name: TakenStepName) =>
  of?.steps.find((step) => step.name === name)?.state;

describe('the next steps of a failover workflow', () => {
  it.each<readonly [string, readonly FailoverAttempt[], readonly string[]]>([
    ['an opening', [init], ['LINK', 'CANCEL']],
    ['an opening that was refused', [{ ...init, outcome: 'refused' }], ['INIT']],
    [
      'a link of one object',
      [init, attempt('LINK', { order: { links: links.slice(0, 1) } })],
      ['LINK', 'ACTIVATE', 'CANCEL'],
    ],
    ['all links', [init, linked], ['ACTIVATE', 'CANCEL']],
    ['a link whose answer is lost', [init, { ...linked, outcome: 'unconfirmed' }], []],
    ['a link that was begun long ago', [init, { ...linked, outcome: null }], []],
    ['a link that is being sent', [init, { ...linked, outcome: null, startedAt: now }], []],
    ['a link that never left', [init, { ...linked, outcome: 'notSent' }], ['LINK', 'CANCEL']],
    ['an activation', [init, linked, activated()], ['DEACTIVATE']],
    ['one that was refused', [init, linked, { ...activated(), outcome: 'refused' }], ['ACTIVATE']],
    ['one that never left', [init, linked, { ...activated(), outcome: 'notSent' }], ['ACTIVATE', 'CANCEL']],
    [
      'one that never left after one that did',
      [init, linked, { ...activated(), outcome: 'notSent', ground: [SENT_BEFORE] }],
      ['ACTIVATE'],
    ],
    ['a deactivation', [init, linked, activated(), attempt('DEACTIVATE')], []],
    [
      'one of half the objects',
      [init, linked, activated(), attempt('DEACTIVATE', { objectIds: ['101'] })],
      ['DEACTIVATE'],
    ],
    ['a cancel', [init, attempt('CANCEL', { objectIds: [] })], ['CANCEL']],
    [
      'a cancel at both clusters',
      [init, attempt('CANCEL', { objectIds: [] }), attempt('CANCEL', { objectIds: [], sentTo: 'dc-east' })],
      [],
    ],
  ])('after %s', (_what, attempts, next) => {
    expect(workflowOf(...attempts)?.nextSteps).toEqual(next);
  });

  it('are none of a workflow that nothing was sent under', () => {
    expect(workflowOf()).toBeNull();
    expect(workflowOf(linked)).toBeNull();
  });
});

describe('the objects of a failover workflow', () => {
  const error = 'no space';
  it.each<readonly [string, Details, readonly (boolean | null)[], string]>([
    ['no errors', {}, [true, true], 'DONE'],
    ['an error of one', { objectErrors: [{ objectId: '501', error }] }, [false, true], 'PARTIAL'],
    ['an error of none', { objectErrors: [{ objectId: null, error }] }, [null, null], 'PARTIAL'],
    ['one and a list', { objectErrors: [{ objectId: null, error }], objectIds: ['501'] }, [true, null], 'PARTIAL'],
  ])('are activated as an answer with %s says', (_what, answer, known, state) => {
    const workflow = workflowOf(init, linked, activated(answer));
    expect(workflow?.objects.map((one) => one.activated)).toEqual(known);
    expect(wordOf(workflow, 'ACTIVATE')).toBe(state);
  });

  it('are those that were asked about, if the answer to INIT is lost', () => {
    const { answer: _lost, ...opening } = init;
    const acknowledged = { by: 'bob', at: '2026-11-21T10:00:00Z', happened: true, note: 'seen' };
    expect(workflowOf({ ...opening, acknowledged })?.objects).toMatchObject([
      { replicaObjectId: 501n, sourceObjectId: null },
      { replicaObjectId: 502n, sourceObjectId: null },
    ]);
  });

  it.each<readonly [string, readonly FailoverAttempt[], boolean | null, readonly string[]]>([
    ['none of them', [], false, ['DEACTIVATE']],
    ['one of two', [attempt('DEACTIVATE', { objectIds: ['101'] })], false, ['DEACTIVATE']],
    [
      'one twice',
      [attempt('DEACTIVATE', { objectIds: ['101'] }), attempt('DEACTIVATE', { objectIds: ['101'] })],
      false,
      ['DEACTIVATE'],
    ],
    [
      'each by itself',
      [attempt('DEACTIVATE', { objectIds: ['101'] }), attempt('DEACTIVATE', { objectIds: ['102'] })],
      true,
      [],
    ],
    ['both', [attempt('DEACTIVATE')], true, []],
    ['all, as a person reports', [attempt('DEACTIVATE', { objectIds: [] })], true, []],
    ['both, but the answer is lost', [attempt('DEACTIVATE', { outcome: 'unconfirmed' })], null, []],
  ])('of unknown pairs are deactivated with the last of them: %s', (_what, deactivations, known, next) => {
    const { answer: _lost, ...opening } = init;
    const workflow = workflowOf(opening, linked, activated(), ...deactivations);
    expect(workflow?.objects.map((one) => one.deactivated)).toEqual([known, known]);
    expect(workflow?.nextSteps).toEqual(next);
  });
});
