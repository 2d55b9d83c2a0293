import type { ComponentChildren } from 'preact';
import { graphiqlHref } from '../graphiql-link.js';

interface FactProps {
  readonly name: string;
  readonly children: ComponentChildren;
}

/** One line of what is known. */
export const Fact = ({ name, children }: FactProps) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

interface QueryLinkProps {
  readonly document: { toString(): string };
  readonly variables: object;
}

/** Leads to the query that this came from; nothing where the gateway has no GraphiQL. */
export const QueryLink = ({ document, variables }: QueryLinkProps) => {
  const href = graphiqlHref(document, variables);
  if (href === null) return null;
  return (
    <p class="query">
      <a href={href} target="_blank" rel="noreferrer">
        Open this query in GraphiQL ↗
      </a>
    </p>
  );
};
