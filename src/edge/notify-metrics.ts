import { Counter, type Registry } from 'prom-client';

/** Counts notifications by result. */
export const createNotifyMetrics = (registry: Registry): ((name: string, result: string, count: number) => void) => {
  const notified = new Counter({
    name: 'copygraph_notifications_total',
    help: 'Notifications of each rule: delivered, given up after an hour, or dropped because too many waited or Redis was lost; and requests that failed.',
    labelNames: ['name', 'result'],
    registers: [registry],
  });
  return (name, result, count) => notified.inc({ name, result }, count);
};
