import { logOptionsFor } from '../edge/log.js';
import { products } from '../upstream/products.js';

/** How the log is written. */
export const logOptions = logOptionsFor(products.flatMap(({ secretNames }) => secretNames));
