import { z } from 'zod';
import { microsFromDate } from '../../domain/micros.js';

/** A time from the SDK; `null` if absent, or not after 1970: such a time is meaningless. */
export const wireDate = z
  .date()
  .nullish()
  .transform((date) => (date && date.getTime() > 0 ? microsFromDate(date) : null));
