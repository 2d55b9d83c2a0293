import type { Config } from '../../src/assembly/config.js';

/** The same config, whose upstreams may take as long as a busy machine does to answer. */
export const patient = (config: Config): Config => ({
  ...config,
  upstreams: config.upstreams.map((upstream) => ({ ...upstream, timeoutMs: 20_000 })),
});
