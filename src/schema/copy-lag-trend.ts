import { type CopyLagTrend, type LagPoint, type TrendStep, readLagTrend } from '../aggregate/copy-lag-trend.js';
import { builder } from './builder.js';
import { tellUnseen } from './connection.js';
import { calls, usually } from './cost.js';
import { described } from './described.js';
import { ProtectedObjectFilterRef } from './protected-object.js';
import { UpstreamReportRef } from './upstream-report.js';

const TrendStepRef = builder.enumType('CopyLagTrendStep', {
  description: 'How far apart the points of a trend are.',
  values: described<TrendStep>({ HOUR: 'A point each hour.', DAY: 'A point each 24 hours.' }),
});

const LagPointRef = builder.objectRef<LagPoint>('CopyLagPoint').implement({
  description: 'How well objects were copied off site at one time.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'The time.' }),
    objects: t.exposeInt('objects', {
      description: 'How many objects there were. One counts from its first copy on, one without any copy throughout.',
    }),
    withoutOffsite: t.exposeInt('withoutOffsite', { description: 'How many of them had no good copy off site.' }),
    p95LagSeconds: t.exposeInt('p95LagSeconds', {
      nullable: true,
      description:
        'How old the newest good data off site were at most of 95 of 100 objects that had any, by nearest rank; `null` where none had.',
    }),
    maxLagSeconds: t.exposeInt('maxLagSeconds', {
      nullable: true,
      description: 'How old they were of the worst of these; `null` where none had any.',
    }),
  }),
});

const CopyLagTrendRef = builder.objectRef<CopyLagTrend>('CopyLagTrend').implement({
  description: 'How the lag of copies off site has moved.',
  fields: (t) => ({
    points: t.expose('points', {
      type: [LagPointRef],
      ...usually(168),
      description:
        'One at `from` and one each step after it, up to `to`. None lies in the future, or before what is read.',
    }),
    upstreamReports: t.expose('upstreamReports', {
      type: [UpstreamReportRef],
      ...usually(2),
      description:
        'Which upstreams were read whole, and why the others were not. Where a query leaves this out, an outage, or what else may be missing, is in `errors` instead.',
    }),
  }),
});

builder.queryField('copyLagTrend', (t) =>
  t.field({
    type: CopyLagTrendRef,
    nullable: true,
    ...calls(10),
    description:
      'How old the newest good data off site were, at points of time. Made from the copies that are there now: a copy that was deleted since does not count, also for the time when it was there. Looks as far back as the gateway does (7 days by default); points before that are left out, with the reason LOOK_BACK. Costs what `protectedObjects` does.',
    args: {
      filter: t.arg({
        type: ProtectedObjectFilterRef,
        description: 'Which objects; all if absent. What it asks of their copies is asked of those that are good now.',
      }),
      from: t.arg({ type: 'DateTime', required: true, description: 'The first point.' }),
      to: t.arg({ type: 'DateTime', description: 'No point is later; now if absent.' }),
      step: t.arg({
        type: TrendStepRef,
        defaultValue: 'HOUR',
        description: 'How far apart the points are. There are at most as many as a page may hold.',
      }),
    },
    resolve: async (_root, args, context, info) => tellUnseen(context, info, await readLagTrend(context, args)),
  }),
);
