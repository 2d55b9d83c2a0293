import { z } from 'zod';
import { isIP } from 'node:net';
import { toProxy } from '../domain/proxy.js';
import { trimmed, webAddress } from './web-address.js';

/** Says what a key must be, but never its value, which may be a secret. */
export const must = (what: string) => ({
  error: ({ input }: { input?: unknown }) => {
    if (input === undefined) return `is missing; it must be ${what}`;
    return input === null ? `has no value; it must be ${what}` : `must be ${what}`;
  },
});

/** A mapping without unknown keys. The message lists the known ones for `problemsOf`. */
export const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : must('a mapping of keys').error(issue),
  });

export const matching = (pattern: RegExp, what: string) => z.string(must(what)).regex(pattern, must(what));
export const oneOf = <const Word extends string>(...words: readonly Word[]) =>
  z.enum(words, must(`one of ${words.join(', ')}`));
export const text = matching(/./s, 'text (a number needs quotes)');
export const hosts = matching(/^[\w.:%-]+$/, 'a host name or address, such as 127.0.0.1');
export const listOf = <Item extends z.ZodType>(item: Item, what: string) =>
  z.array(item, must(what)).min(1, must(what));

/** A whole number. Text of digits is accepted too, because environment variables are text. */
export const whole = (least: number, most: number) =>
  z
    .custom<number | string>(
      (value) => {
        const digits = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
        return digits && Number.isSafeInteger(Number(value)) && Number(value) >= least && Number(value) <= most;
      },
      must(`a whole number from ${least} to ${most}`),
    )
    .meta({ type: 'integer', minimum: least, maximum: most })
    .transform(Number);

/** A number, possibly with a fraction; as text too, because environment variables are text. */
export const amount = (least: number, most: number) =>
  z
    .custom<number | string>(
      (value) => {
        const figure = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
        return typeof figure === 'number' && figure >= least && figure <= most;
      },
      must(`a number from ${least} to ${most}`),
    )
    .meta({ type: 'number', minimum: least, maximum: most })
    .transform(Number);

export const count = whole(1, 1_000_000_000);
export const milliseconds = whole(1, 3_600_000);
export const seconds = whole(0, 315_360_000);

const words: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ['true', true], // as an environment variable has it
  ['false', false],
]);
export const flag = z
  .custom<boolean | 'true' | 'false'>((value) => words.has(value), must('true or false'))
  .meta({ type: 'boolean' })
  .transform((value) => words.get(value) === true);

/** The JSON Schema of a URL, for editors. Most of what is forbidden in it can only be checked by code. */
export const webText = { type: 'string', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' } as const;

export const baseUrl = z
  .custom<string>(
    (value) => webAddress(value) !== null && !String(value).includes('?'),
    must('an http or https URL without user name, password, query or fragment, such as https://cluster.example.com'),
  )
  .meta(webText)
  .transform((value) => trimmed(new URL(value)));

export const optional = text.optional();

/** The settings for a host's identity. */
export const tls = section({
  caFile: optional,
  serverName: z
    .custom<string>(
      (value) => typeof value === 'string' && /^[\w-]+(\.[\w-]+)*$/.test(value) && isIP(value) === 0,
      must('the host name in the certificate, such as cohesity-cluster, not an address'),
    )
    .meta({ type: 'string', pattern: '^[\\w-]+(\\.[\\w-]+)*$' })
    .optional(),
}).refine(({ caFile, serverName }) => caFile !== undefined || serverName !== undefined, {
  error: 'must hold caFile or serverName, or both',
});

/** The config keys of every upstream, whatever its product. */
export const everyUpstream = {
  id: matching(/^[a-z0-9-]{1,63}$/, 'a name of lower-case letters, digits and dashes'),
  maxConcurrent: whole(1, 1000).default(8),
  proxy: z
    .custom<string>(
      (value) => (typeof value === 'string' && /^https?:/i.test(value) && toProxy(value) !== null) || value === 'none',
      must('the URL of an http or https proxy, such as http://proxy.example.com:3128, or none'),
    )
    .meta({ type: 'string', pattern: `${webText.pattern}|^none$` })
    .optional(),
  tls: tls.optional(),
};
/** The upstream of a config file: no file may say that it is played. */
export const unplayed = <Upstream extends object>(upstream: Upstream): Upstream & { sandbox: boolean } => ({
  ...upstream,
  sandbox: false, // a file cannot change it
});

/** The validated config of every upstream, whatever its product. */
export interface UpstreamSection {
  readonly id: string;
  readonly kind: string; // the product's name in the config
  readonly sandbox: boolean;
  readonly maxConcurrent: number;
  readonly timeoutMs: number;
  readonly proxy?: string | undefined; // a URL, or `none`; absent: from the environment
  readonly tls?: { readonly caFile?: string | undefined; readonly serverName?: string | undefined } | undefined;
}

/** An upstream made by a section, and the key that names it there. */
export interface NamedUpstream {
  readonly id: string;
  readonly path: readonly (string | number)[];
}

/** A product's part of the config. */
export interface ProductSection<Section extends UpstreamSection = UpstreamSection> {
  readonly configKind: string;
  /** Yields one upstream, or several, such as one for each Region. */
  readonly section: z.ZodType<Section | readonly Section[]> & z.core.$ZodTypeDiscriminable;
  /** The upstreams that a section makes, even if other keys are invalid; absent: the one of its `id`. */
  readonly upstreamsOf?: (section: Readonly<Record<string, unknown>>) => readonly NamedUpstream[];
}

/** The place of a secret in an upstream's config. The same key with `File` may name a file for it. */
export type SecretPlace = readonly [section: string, key: string];
