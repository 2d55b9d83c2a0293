import { MIMEType } from 'node:util';
import { LRUCache } from 'lru-cache';

/** The forms of an answer that a caller accepts. */
interface AnswerForms {
  /** One JSON document: `application/json` or `application/graphql-response+json`. */
  readonly json: boolean;
  /** Server-sent events, for subscriptions, and also for queries with `@defer` or `@stream`. */
  readonly events: boolean;
  /** `multipart/mixed` for `@defer` and `@stream`, in the format of 2022. */
  readonly parts: boolean;
  /** `multipart/mixed` for subscriptions, by Apollo's protocol 1.0. */
  readonly eventParts: boolean;
}

const json = ['application/json', 'application/graphql-response+json', 'application/*', '*/*'];
const events = ['text/event-stream', 'text/*', '*/*'];
const multipart = ['multipart/mixed', 'multipart/*', '*/*'];

/** Parameters of a media range that do not describe the format of the parts. */
const common = ['boundary', 'charset', 'q'];

const toRange = (text: string): MIMEType | null => {
  try {
    return new MIMEType(text.trim().toLowerCase());
  } catch {
    return null;
  }
};

const formsOfRange = ({ essence, params }: MIMEType): AnswerForms => {
  const [spec, ...others] = [...params].filter(([name]) => !common.includes(name)).map((pair) => pair.join('='));
  const isMultipart = multipart.includes(essence) && others.length === 0;
  return {
    json: json.includes(essence),
    events: events.includes(essence),
    parts: isMultipart && (spec === undefined || spec === 'deferspec=20220824'),
    eventParts: isMultipart && spec === 'subscriptionspec=1.0',
  };
};

const read = (accept: string): AnswerForms => {
  const ranges = accept.split(',').flatMap((text) => toRange(text) ?? []);
  const forms = ranges.filter(({ params }) => Number(params.get('q') ?? 1) !== 0).map(formsOfRange);
  return {
    json: forms.some((one) => one.json),
    events: forms.some((one) => one.events),
    parts: forms.some((one) => one.parts),
    eventParts: forms.some((one) => one.eventParts),
  };
};

const LONGEST = 500; // longer headers are read each time

/** Most callers send one of a few headers. */
const known = new LRUCache<string, AnswerForms>({ max: 200 });

/** Reads an `Accept` header; without one, every form is accepted. */
export const answerFormsOf = (accept: string | null): AnswerForms => {
  const text = accept ?? '*/*';
  const forms = known.get(text) ?? read(text);
  if (text.length <= LONGEST) known.set(text, forms);
  return forms;
};

/** The supported forms, in the words of each refusal. */
export const served = {
  whole: '`application/json` or `application/graphql-response+json`',
  parts: '`multipart/mixed;deferSpec=20220824` or `text/event-stream`',
  events: '`text/event-stream`, `multipart/mixed;subscriptionSpec=1.0`, or over a WebSocket by `graphql-transport-ws`',
} as const;
