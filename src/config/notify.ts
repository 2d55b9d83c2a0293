import { z } from 'zod';
import { copyTargetKinds } from '../domain/copy-target-kind.js';
import { isLinkLocal } from '../domain/link-local.js';
import { watchEventTypes } from '../domain/watch-event.js';
import { listOf, matching, must, oneOf, optional, section, text, webText, whole } from './key.js';
import { webAddress } from './web-address.js';

const secretWords = 'whsec_ and 24 to 64 bytes in base64, as `echo "whsec_$(openssl rand -base64 32)"` prints';

const isSecret = (value: unknown): boolean => {
  const [, base64 = ''] = /^whsec_([A-Za-z\d+/]+={0,2})$/.exec(typeof value === 'string' ? value : '') ?? [];
  const bytes = Buffer.from(base64, 'base64');
  return base64.length % 4 === 0 && bytes.length >= 24 && bytes.length <= 64;
};

const url = z
  .custom<string>(
    (value) => webAddress(value) !== null,
    must('an http or https URL without user name, password or fragment, such as https://hooks.example.com/copygraph'),
  )
  .refine((value) => !isLinkLocal(webAddress(value)?.hostname.replace(/^\[|\]$/g, '') ?? ''), {
    error: 'must not be a link-local address: the service there gives away the credentials of a machine',
  })
  .meta(webText);

/** One rule of `notify`: which events are sent, and to which address. */
const rule = section({
  name: matching(/^[a-z0-9-]{1,63}$/, 'a name of lower-case letters, digits and dashes'),
  url,
  secret: z
    .custom<string>(isSecret, must(secretWords))
    .meta({ type: 'string', pattern: '^whsec_[A-Za-z\\d+/]+={0,2}$' })
    .optional(),
  secretFile: optional,
  on: listOf(
    oneOf(...watchEventTypes),
    `a list of events (${watchEventTypes.join(', ')}), with at least one; leave it out for all of them`,
  ).default([...watchEventTypes]),
  upstreams: listOf(text, 'a list of upstream ids, with at least one; leave it out for all of them').optional(),
  targetKinds: listOf(
    oneOf(...copyTargetKinds),
    `a list of kinds of targets (${copyTargetKinds.join(', ')}), with at least one; leave it out for all of them`,
  ).optional(),
  format: oneOf('json', 'slack').default('json'),
  minSeconds: whole(0, 86_400).default(0),
}).refine(({ format, secret }) => format === 'slack' || secret !== undefined, {
  path: ['secret'],
  error: `is missing; it must be ${secretWords}`,
});

export const notifyShape = z.array(rule, must('a list of rules')).default([]);
