/** A span of time: `from` inclusive, `to` exclusive; `Infinity` means up to now. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const isWithin = ({ from, to }: Span, at: number | null): boolean => at !== null && at >= from && at < to;

/** The span that both have: none or one. */
export const overlap = (a: Span, b: Span): readonly Span[] => {
  const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
  return from < to ? [{ from, to }] : [];
};

/** The part of the first span that is not in the second: none, one or two spans. */
export const without = (a: Span, b: Span): readonly Span[] =>
  overlap(a, b).length === 0
    ? [{ from: a.from, to: a.to }]
    : [
        { from: a.from, to: b.from },
        { from: b.to, to: a.to },
      ].filter(({ from, to }) => from < to);

/** The same spans, oldest first, with touching spans joined. */
export const joined = (spans: readonly Span[]): readonly Span[] => {
  const whole: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last === undefined || last.to < span.from) whole.push({ from: span.from, to: span.to });
    else whole[whole.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return whole;
};
