import type { Tone } from '../words.js';

const shapes: Readonly<Record<Tone, string>> = {
  good: 'M4 8.5 7 11.5 12.5 5',
  bad: 'M5 5 11 11 M11 5 5 11',
  warn: 'M8 4 V9 M8 11.5 V12',
  busy: 'M8 12 V5 M5 8 8 5 11 8',
  quiet: 'M8 4.5 V8 L10.5 9.5',
};

/** The shape that goes with a tone: a tick, a cross, a bang, an arrow, the hands of a clock. */
export const Icon = ({ tone }: { readonly tone: Tone }) => (
  <svg class={`icon ${tone}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <circle cx="8" cy="8" r="7.25" />
    <path d={shapes[tone]} />
  </svg>
);

interface BadgeProps {
  readonly tone: Tone;
  readonly text: string;
}

export const Badge = ({ tone, text }: BadgeProps) => (
  <span class={`badge ${tone}`}>
    <Icon tone={tone} />
    {text}
  </span>
);
