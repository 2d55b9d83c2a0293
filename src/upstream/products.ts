import { awsBackup } from './aws-backup/product.js';
import { cohesity } from './cohesity/product.js';
import type { Product } from './product.js';

const known: Product[] = [cohesity, awsBackup];

/** Every product that an upstream may be of; the only list of them. */
export const products: readonly Product[] = known;

/** Adds one. The config, the graph and all else ask `products` when they are loaded, so this comes first. */
export const register = (product: Product): void => void known.push(product);

/** Whether anything looks like a copy as some product sends it between replicas. */
export const isCopy = (value: unknown): boolean => products.some(({ copyShape }) => copyShape.safeParse(value).success);
