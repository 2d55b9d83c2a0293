import { Gauge, type Registry } from 'prom-client';

/** Counts reloads of the config by result; the start is the first success. */
export const createReloadMetrics = (registry: Registry): ((success: boolean) => void) => {
  const registers = [registry];
  const success = new Gauge({
    name: 'copygraph_config_reload_success',
    help: 'Whether the config was valid when it was last read: 1 or 0.',
    registers,
  });
  const time = new Gauge({
    name: 'copygraph_config_reload_success_timestamp_seconds',
    help: 'When the config in use was read, in seconds since 1970.',
    registers,
  });
  const reloaded = (isUsed: boolean): void => {
    success.set(isUsed ? 1 : 0);
    if (isUsed) time.setToCurrentTime();
  };
  reloaded(true);
  return reloaded;
};
