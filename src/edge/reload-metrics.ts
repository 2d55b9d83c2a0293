import { Gauge, type Registry } from 'prom-client';

/** Counts how reloads of the config went; the start is the first that went well. */
export const createReloadMetrics = (registry: Registry): ((success: boolean) => void) => {
  const registers = [registry];
  const success = new Gauge({
    name: 'copygraph_config_reload_success',
    help: 'Whether the config could be used when it was read last: 1 or 0.',
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
