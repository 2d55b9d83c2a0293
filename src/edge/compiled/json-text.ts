import { randomUUID } from 'node:crypto';

/** The place of a text in JSON. No vendor can know it. */
const PLACE = randomUUID();
const AROUND = `"${PLACE}"`;

let collected: JsonText[] | null = null;

/** A part of an answer that was written before. */
export class JsonText {
  readonly text: string; // a small buffer would keep those in memory that Node has cut from the same block
  readonly bytes: number; // in UTF-8

  constructor(value: unknown) {
    this.text = JSON.stringify(value);
    this.bytes = Buffer.byteLength(this.text);
  }

  /** The same part as values, for everything that writes JSON in its own way. */
  toJSON(): unknown {
    if (collected === null) return JSON.parse(this.text);
    collected.push(this);
    return PLACE;
  }
}

/** JSON with places, and the texts for them in their order. */
const collect = (answer: unknown): { readonly json: string; readonly texts: readonly JsonText[] } => {
  const texts: JsonText[] = [];
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
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + text.bytes, length));
  let at = 0;
  between.forEach((part, index) => {
    at += bytes.write(part, at);
    at += bytes.write(texts[index]?.text ?? '', at);
  });
  return bytes;
};
