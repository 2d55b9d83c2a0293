import { z } from 'zod';
import { microsFromDate } from '../../domain/micros.js';

/** A time as the SDK gives it; `null` where absent, or not after 1970: such a time says nothing. */
export const wireDate = z
  .date()
  .nullish()
  .transform((date) => (date && date.getTime() > 0 ? microsFromDate(date) : null));
