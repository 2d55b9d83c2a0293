import type { Config } from '../config.js';
import { defaultLimits } from './shape.js';

/** Limits that this version reads and does not enforce yet. */
const unbuiltLimits = ['maxDepth', 'maxAliases', 'maxRootFields', 'maxTokens', 'maxCost'] as const;

/** The keys that a config sets to something this version does not do yet; it serves without them. */
export const unbuiltKeys = ({ limits, persisted }: Config): readonly string[] => [
  ...unbuiltLimits.filter((key) => limits[key] !== defaultLimits[key]).map((key) => `limits.${key}`),
  ...(persisted.mode === 'off' ? [] : ['persisted.mode']),
];
