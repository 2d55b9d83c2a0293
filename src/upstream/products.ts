import { awsBackup } from './aws-backup/product.js';
import { cohesity } from './cohesity/product.js';
import type { Product } from './product.js';

const known: Product[] = [cohesity, awsBackup];

/** Every product; this is the only list of them. */
export const products: readonly Product[] = known;

/** Adds a product. Must come before other modules are loaded, because they read `products` then. */
export const register = (product: Product): void => void known.push(product);

/** Whether a value is a copy in the form that some product sends between replicas. */
export const isCopy = (value: unknown): boolean => products.some(({ copyShape }) => copyShape.safeParse(value).success);
