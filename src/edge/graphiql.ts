import type { GraphiQLOptions } from 'graphql-yoga';
import { readExamples } from './examples.js';

/** Two sheets, one behind the other: a copy. */
const mark =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="30"><g fill="none" stroke="#d60590" stroke-width="2.5">' +
  '<rect x="4" y="4" width="17" height="17" rx="3" opacity=".45"/><rect x="11" y="11" width="17" height="17" rx="3"/></g></svg>';

/** What GraphiQL opens with: the examples in its tabs, and a title that says so where the data is played. */
export const graphiqlOptions = (sandbox: boolean): GraphiQLOptions => ({
  title: sandbox ? 'copygraph, sandbox' : 'copygraph',
  logo: mark,
  favicon: `data:image/svg+xml,${encodeURIComponent(mark)}`,
  defaultTabs: readExamples().map((query) => ({ query })),
  defaultEditorToolsVisibility: false, // the examples need no variables; the room is for the query
});

/** A tab that starts beside others keeps an offset, takes it when pressed, and so slips away from under the pointer. */
const style = '<style>.graphiql-tab{transform:none!important}</style>';

/**
 * The page with its own scripts, so that it works where no outside host can be reached. It is large, so it is loaded
 * when first asked for.
 */
export const renderGraphiql = async (options: GraphiQLOptions): Promise<string> => {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(options).replace('</head>', `${style}</head>`);
};
