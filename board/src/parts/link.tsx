import type { ComponentChildren } from 'preact';
import { type PageState, go, hrefOf } from '../page-state.js';

interface LinkProps {
  readonly to: PageState;
  readonly class?: string;
  readonly label?: string;
  readonly title?: string;
  readonly current?: boolean;
  readonly children: ComponentChildren;
}

/** A real link to another state of this page, which a person may also open in a new tab or send to a colleague. */
export const Link = ({ to, class: className, label, title, current, children }: LinkProps) => (
  <a
    href={hrefOf(to)}
    class={className}
    aria-label={label}
    title={title}
    aria-current={current === true ? 'true' : undefined}
    onClick={(event: MouseEvent) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      go(to);
    }}
  >
    {children}
  </a>
);

interface ChoiceProps {
  readonly label: string;
  readonly offered: readonly number[];
  readonly chosen: number;
  readonly name: 'hours' | 'days';
  readonly text: (value: number) => string;
}

/** A few spans of time, one of which is chosen. The first is what the page has by itself, so its link says nothing. */
export const Choice = ({ label, offered, chosen, name, text }: ChoiceProps) => (
  <div class="choice" role="group" aria-label={label}>
    {offered.map((value) => (
      <Link key={value} to={{ [name]: value === offered[0] ? undefined : String(value) }} current={value === chosen}>
        {text(value)}
      </Link>
    ))}
  </div>
);
