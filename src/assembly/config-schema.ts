import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '../config/json-schema.js';
import { products } from '../upstream/products.js';

/** The file in the package. */
const file = fileURLToPath(new URL('../../config.schema.json', import.meta.url));

/** The JSON Schema of the config, as the file in the package. */
export const printConfigSchema = (): string => `${JSON.stringify(configJsonSchema(products), null, 2)}\n`;

/** The path of the package's schema from a config file: relative if the package is installed beside it. */
export const configSchemaFor = (config: string): string => {
  const path = relative(dirname(resolve(config)), file);
  return path.startsWith('..') || isAbsolute(path) ? file : `./${path.split(sep).join('/')}`;
};
