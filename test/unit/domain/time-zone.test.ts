import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../src/domain/micros.js';
import { type TimeZone, timeZoneNamed } from '../../../src/domain/time-zone.js';
import { runs } from '../../support/runs.js';
import { dayOf, hourOf, weekOf } from '../../support/sums.js';

const zoneNamed = (name: string): TimeZone => {
  const zone = timeZoneNamed(name);
  if (zone === null) throw new Error(`there is no ${name}`);
  return zone;
};

const at = (text: string) => micros(Date.parse(text) * 1000);

const times = fc
  .date({ min: new Date('1980-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })
  .map((date) => micros(date.getTime() * 1000 + 17));

/** Half hours, a change by half an hour, days of a change that begin at one, a day that was skipped, far from UTC. */
const names = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
] as const;

describe('the calendar of a time zone', () => {
  it('has the hour, the day and the week that its own clocks show', () =>
    fc.assert(
      fc.property(fc.constantFrom(...names), times, (name, time) => {
        expect(zoneNamed(name)(time)).toEqual({
          hour: hourOf(time, name),
          day: dayOf(time, name),
          week: weekOf(time, name),
        });
      }),
      { numRuns: runs(500) },
    ));

  it('is the same around each clock change, whichever time is asked about first', () => {
    for (const [name, change] of [
      ['Australia/Lord_Howe', '2024-04-06T15:00:00Z'],
      ['Australia/Lord_Howe', '2024-10-05T15:30:00Z'],
      ['Europe/Berlin', '2024-10-27T01:00:00Z'],
      ['America/Sao_Paulo', '2018-11-04T03:00:00Z'],
      ['Pacific/Apia', '2011-12-30T10:00:00Z'],
    ] as const) {
      const zone = zoneNamed(name);
      for (let minutes = 180; minutes >= -180; minutes -= 5) {
        const time = micros(at(change) + minutes * 60_000_000);
        expect([minutes, zone(time).hour, zone(time).day]).toEqual([minutes, hourOf(time, name), dayOf(time, name)]);
      }
    }
  });

  it('puts the days around New Year into the week that ISO 8601 says', () => {
    const utc = zoneNamed('UTC');
    expect(
      ['2020-12-31', '2021-01-01', '2021-01-03', '2021-01-04', '2024-12-30', '2026-11-29', '2027-01-03'].map(
        (day) => utc(at(`${day}T12:00:00Z`)).week,
      ),
    ).toEqual(['2020-W53', '2020-W53', '2020-W53', '2021-W01', '2025-W01', '2026-W48', '2026-W53']);
  });

  it.each(['', 'Mars/Base', '+01:00', '-0530', 'UTC ', 'Europe/Berlin\0', 'x'.repeat(1000), '中国', '../etc'])(
    'is none for %j',
    (name) => expect(timeZoneNamed(name)).toBeNull(),
  );
});
