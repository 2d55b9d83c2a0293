import { type CopyLagTrend, type LagPoint, type TrendStep, readLagTrend } from '../aggregate/copy-lag-trend.js';
import { builder } from './builder.js';
import { tellUnseen } from './connection.js';
import { calls, usually } from './cost.js';
import { described } from './described.js';
import { ProtectedObjectFilterRef } from './protected-object.js';
import { UpstreamReportRef } from './upstream-report.js';

const TrendStepRef = builder.enumType('CopyLagTrendStep', {
  description: 'The time between the points of a trend.',
  values: described<TrendStep>({ HOUR: 'One point for each hour.', DAY: 'One point for each 24 hours.' }),
});

const LagPointRef = builder.objectRef<LagPoint>('CopyLagPoint').implement({
  description: 'The state of the copies off site at one time.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'The time of the point.' }),
    objects: t.exposeInt('objects', {
      description:
        'The number of objects. An object counts from its first copy on; one without any copy always counts.',
    }),
    withoutOffsite: t.exposeInt('withoutOffsite', {
      description: 'The number of these objects that had no good copy off site.',
    }),
    p95LagSeconds: t.exposeInt('p95LagSeconds', {
      nullable: true,
      description:
        'The 95th percentile, by nearest rank, of the age of the newest good data off site, in seconds. Counts the objects that had such data; `null` if none had.',
    }),
    maxLagSeconds: t.exposeInt('maxLagSeconds', {
      nullable: true,
      description:
        'The largest age of the newest good data off site, in seconds. Counts the objects that had such data; `null` if none had.',
    }),
  }),
});

const CopyLagTrendRef = builder.objectRef<CopyLagTrend>('CopyLagTrend').implement({
  description: 'The lag of copies off site over time.',
  fields: (t) => ({
    points: t.expose('points', {
      type: [LagPointRef],
      ...usually(168),
      description:
        'One point at `from` and one for each step after it, up to `to`. None lies in the future, or further back than `limits.lookBackHours`.',
    }),
    upstreamReports: t.expose('upstreamReports', {
      type: [UpstreamReportRef],
      ...usually(2),
      description:
        'Whether each upstream was read whole, and if not, why. If a query leaves this out, outages and other gaps are in `errors` instead.',
    }),
  }),
});

builder.queryField('copyLagTrend', (t) =>
  t.field({
    type: CopyLagTrendRef,
    nullable: true,
    ...calls(10),
    description:
      'The age of the newest good data off site, at points in time. It is computed from the copies that exist now. A copy that was deleted since then does not count, not even for the time when it existed. Leaves out points further back than `limits.lookBackHours` (7 days by default), with the reason LOOK_BACK. Costs as much as `protectedObjects`.',
    args: {
      filter: t.arg({
        type: ProtectedObjectFilterRef,
        description: 'The objects to count; all if absent. Members about copies go by the copies that are good now.',
      }),
      from: t.arg({ type: 'DateTime', required: true, description: 'The first point.' }),
      to: t.arg({ type: 'DateTime', description: 'The end: no point is later. Now if absent.' }),
      step: t.arg({
        type: TrendStepRef,
        defaultValue: 'HOUR',
        description: 'The time between the points. More points than a page may hold are refused.',
      }),
    },
    resolve: async (_root, args, context, info) => tellUnseen(context, info, await readLagTrend(context, args)),
  }),
);
