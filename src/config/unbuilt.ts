import { type Config, ConfigError } from '../config.js';
import { defaultLimits } from './shape.js';

/** Throws for a config that asks for tokens, which this version cannot check: nobody who brings one could be served. */
export const refuseUnbuilt = ({ auth }: Config): void => {
  if (auth?.jwt === undefined) return;
  throw new ConfigError('auth.jwt: JWT is not built yet; use auth.apiKeys');
};

/** Limits that this version reads and does not enforce yet. */
const unbuiltLimits = [
  'maxDepth',
  'maxAliases',
  'maxRootFields',
  'maxTokens',
  'maxCost',
  'maxBodyBytes',
  'requestsPerMinute',
] as const;

/** The keys that a config sets to something this version does not do yet; it serves without them. */
export const unbuiltKeys = ({ cors, limits, persisted }: Config): readonly string[] => [
  ...unbuiltLimits.filter((key) => limits[key] !== defaultLimits[key]).map((key) => `limits.${key}`),
  ...(cors.origins.length === 0 ? [] : ['cors.origins']),
  ...(persisted.mode === 'off' ? [] : ['persisted.mode']),
];
