import { describe, expect, it } from 'vitest';
import { type Micros, micros } from '../../../src/domain/micros.js';
import { writtenAttempt } from '../../../src/domain/written-attempt.js';
import { attemptOf } from '../../support/attempts.js';

const timeOf = (written: unknown): Micros | null => (typeof written === 'number' ? micros(written) : null);
const read = (record: unknown) => writtenAttempt(JSON.parse(JSON.stringify(record)), timeOf);

describe('an attempt read from its record', () => {
  it.each([null, 'accepted', 'refused', 'notSent', 'unconfirmed'] as const)('is what was written (%s)', (outcome) => {
    const attempt = attemptOf({ outcome, replicationClusterId: '7' });
    expect(read({ ...attempt, channel: 'audit' })).toEqual(attempt);
  });

  it('has no replication cluster if the record is too old to have one', () => {
    const { replicationClusterId: _, ...old } = attemptOf({ replicationClusterId: '7' });
    expect(read(old)).toEqual(attemptOf({ replicationClusterId: null }));
  });

  it('has no step, subject, ground and made id if its action has none', () => {
    const {
      step: _t,
      subject: _s,
      ground: _g,
      madeId: _m,
      ...old
    } = attemptOf({ step: 't', subject: 's', ground: ['g'], madeId: 'm' });
    expect(read(old)).toEqual(attemptOf());
  });

  const full = attemptOf({
    sentTo: 'dc-west',
    order: { kind: 'PLANNED' },
    answer: { pairs: [] },
    acknowledged: { by: 'bob', at: '2026-11-21T10:00:00Z', happened: false, note: 'no trace' },
  });

  it('has the request, the answer and the word of a person', () => {
    expect(read(full)).toEqual(full);
  });

  it.each(['sentTo', 'order', 'answer', 'acknowledged'])('is none with a %s of another type', (member) => {
    for (const wrong of [true, null, 1, ['x', 1]]) expect(read({ ...full, [member]: wrong })).toBeNull();
  });

  const members = Object.keys(attemptOf());
  const optional = ['replicationClusterId', 'step', 'subject', 'ground', 'madeId'];
  it.each(members.filter((member) => !optional.includes(member)))('is none without %s', (member) => {
    expect(read({ ...attemptOf(), [member]: undefined })).toBeNull();
  });

  it.each(members)('is none with a %s of another type', (member) => {
    for (const wrong of [true, {}, ['x', 1]]) expect(read({ ...attemptOf(), [member]: wrong })).toBeNull();
  });

  it.each([null, 'text', 1, [], [attemptOf()]])('is none in %j', (record) => {
    expect(read(record)).toBeNull();
  });
});
