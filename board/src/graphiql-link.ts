import { settings } from './settings.js';

/** The address of a query in GraphiQL, with its variables; `null` where the gateway has no GraphiQL. */
export const graphiqlHref = (document: { toString(): string }, variables: object): string | null => {
  if (!settings.graphiql) return null;
  const params = new URLSearchParams({
    query: document
      .toString()
      .trim()
      .replace(/^ +(?=fragment )/gm, ''),
    variables: JSON.stringify(variables, null, 2),
  });
  return `graphql?${params.toString()}`;
};
