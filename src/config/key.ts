import { z } from 'zod';
import { isIP } from 'node:net';
import { toProxy } from '../domain/proxy.js';
import { trimmed, webAddress } from './web-address.js';

/** Says what a key must be and never what was there: it may be a secret. */
export const must = (what: string) => ({
  error: ({ input }: { input?: unknown }) => {
    if (input === undefined) return `is missing; it must be ${what}`;
    return input === null ? `has no value; it must be ${what}` : `must be ${what}`;
  },
});

/** A mapping without unknown keys. `problemsOf` reads the known ones from the message. */
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

/** A whole number; digits as text are one too, since that is what an environment variable holds. */
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

/** A number, which may have a fraction; so may the text of an environment variable. */
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
  ['true', true], // as an environment variable holds it
  ['false', false],
]);
export const flag = z
  .custom<boolean | 'true' | 'false'>((value) => words.has(value), must('true or false'))
  .meta({ type: 'boolean' })
  .transform((value) => words.get(value) === true);

/** As an editor is told of it, in JSON Schema: much of what a URL may not have takes code to say. */
export const webText = { type: 'string', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' } as const;

export const baseUrl = z
  .custom<string>(
    (value) => webAddress(value) !== null && !String(value).includes('?'),
    must('an http or https URL without user name, password, query or fragment, such as https://cluster.example.com'),
  )
  .meta(webText)
  .transform((value) => trimmed(new URL(value)));

export const optional = text.optional();

/** How a host proves who it is. */
export const tls = section({
  caFile: optional,
  serverName: z
    .custom<string>(
      (value) => typeof value === 'string' && /^[\w-]+(\.[\w-]+)*$/.test(value) && isIP(value) === 0,
      must('the host name in the certificate, such as cohesity-cluster; an address is none'),
    )
    .meta({ type: 'string', pattern: '^[\\w-]+(\\.[\\w-]+)*$' })
    .optional(),
}).refine(({ caFile, serverName }) => caFile !== undefined || serverName !== undefined, {
  error: 'must hold caFile or serverName, or both',
});

/** What every upstream has in the config, whatever its product. */
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
/** As it comes out of a file: no file may say that it is played. */
export const unplayed = <Upstream extends object>(upstream: Upstream): Upstream & { sandbox: boolean } => ({
  ...upstream,
  sandbox: false, // no file may say otherwise
});

/** What every upstream's part of the config comes to, whatever its product. */
export interface UpstreamSection {
  readonly id: string;
  readonly kind: string; // the product's word in the config
  readonly sandbox: boolean;
  readonly maxConcurrent: number;
  readonly timeoutMs: number;
  readonly proxy?: string | undefined; // a URL, or `none`; absent: as the environment says
  readonly tls?: { readonly caFile?: string | undefined; readonly serverName?: string | undefined } | undefined;
}

/** An upstream that a section makes, and the key that names it there. */
export interface NamedUpstream {
  readonly id: string;
  readonly path: readonly (string | number)[];
}

/** The part of the config that one product reads. */
export interface ProductSection<Section extends UpstreamSection = UpstreamSection> {
  readonly configKind: string;
  /** Comes to one upstream, or to several, such as one for each Region. */
  readonly section: z.ZodType<Section | readonly Section[]> & z.core.$ZodTypeDiscriminable;
  /** The upstreams that a section makes, whatever else is wrong with it; absent: the one of its `id`. */
  readonly upstreamsOf?: (section: Readonly<Record<string, unknown>>) => readonly NamedUpstream[];
}

/** Where an upstream's part of the config holds a secret, which a key of the same name with `File` may name a file for. */
export type SecretPlace = readonly [section: string, key: string];
