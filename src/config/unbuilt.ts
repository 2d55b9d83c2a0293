import type { Config } from '../config.js';
import { defaultLimits } from './shape.js';

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

/** The keys that a config sets to something this version does not do yet, or not all of; it serves without them. */
export const unbuiltKeys = ({ cors, limits }: Config): readonly string[] => [
  ...unbuiltLimits.filter((key) => limits[key] !== defaultLimits[key]).map((key) => `limits.${key}`),
  ...(cors.origins.length === 0 ? [] : ['cors.origins']),
];

/** What such a key does all the same. */
export const effectOf = (key: string): string =>
  key === 'limits.maxBodyBytes' || key === 'cors.origins' ? 'an effect on WebSockets alone' : 'no effect';
