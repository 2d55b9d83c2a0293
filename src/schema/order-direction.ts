import { builder } from './builder.js';
import { described } from './described.js';

export const OrderDirectionRef = builder.enumType('OrderDirection', {
  description: 'The direction in which a list is sorted.',
  values: described({
    ASC: 'Smallest first: the lowest number, the oldest time, the first name. Unknown values come last.',
    DESC: 'Largest first. Unknown values come last too. Only in `OFFSITE_LAG`, an object without a copy off site has the largest lag and comes first.',
  }),
});
