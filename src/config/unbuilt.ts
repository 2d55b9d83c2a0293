import { type Config, ConfigError } from '../config.js';
import { defaultLimits } from './shape.js';

/**
 * Throws for a config that asks for authentication, which this version does not have: it must not be served as if it
 * were protected.
 */
export const refuseUnprotected = ({ auth }: Config): void => {
  if (auth === undefined) return;
  throw new ConfigError(
    'auth: authentication is not built yet, and only a loopback host may be served without it; remove auth, and leave server.host (and HOST) at 127.0.0.1',
  );
};

/** Limits that this version reads and does not enforce yet. */
const unbuiltLimits = [
  'maxDepth',
  'maxAliases',
  'maxRootFields',
  'maxTokens',
  'maxCost',
  'maxBodyBytes',
  'maxConcurrentOperations',
  'requestsPerMinute',
] as const;

/** The keys that a config sets to something this version does not do yet; it serves without them. */
export const unbuiltKeys = ({ audit, cors, limits, persisted, redis }: Config): readonly string[] => [
  ...unbuiltLimits.filter((key) => limits[key] !== defaultLimits[key]).map((key) => `limits.${key}`),
  ...(audit === undefined ? [] : ['audit']),
  ...(cors.origins.length === 0 ? [] : ['cors.origins']),
  ...(persisted.mode === 'off' ? [] : ['persisted.mode']),
  ...(redis === undefined ? [] : ['redis']),
];
