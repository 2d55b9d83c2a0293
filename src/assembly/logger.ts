import { logOptionsFor } from '../edge/log.js';
import { products } from '../upstream/products.js';

/** The log's options, with the names of all secrets. */
export const logOptions = logOptionsFor(products.flatMap(({ secretNames }) => secretNames));
