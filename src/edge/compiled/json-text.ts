import { randomUUID } from 'node:crypto';

/** The place of a text in JSON. No vendor can know it. */
const PLACE = randomUUID();
const AROUND = `"${PLACE}"`;

let collected: Buffer[] | null = null;

/** A part of an answer that was written before, as JSON in UTF-8. */
export class JsonText {
  readonly bytes: Buffer;

  constructor(value: unknown) {
    this.bytes = Buffer.from(JSON.stringify(value));
  }

  /** The same part as values, for everything that writes JSON in its own way. */
  toJSON(): unknown {
    if (collected === null) return JSON.parse(this.bytes.toString());
    collected.push(this.bytes);
    return PLACE;
  }
}

/** JSON with places, and the texts for them in their order. */
const collect = (answer: unknown): { readonly json: string; readonly texts: readonly Buffer[] } => {
  const texts: Buffer[] = [];
  collected = texts;
  try {
    return { json: JSON.stringify(answer), texts };
  } finally {
    collected = null;
  }
};

/** Writes an answer as JSON. The texts in it are copied as they are. */
export const toJsonBytes = (answer: unknown): Buffer => {
  const { json, texts } = collect(answer);
  if (texts.length === 0) return Buffer.from(json);
  const between = json.split(AROUND);
  const length = between.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + text.length, length));
  let at = 0;
  between.forEach((part, index) => {
    at += bytes.write(part, at);
    at += texts[index]?.copy(bytes, at) ?? 0;
  });
  return bytes;
};
