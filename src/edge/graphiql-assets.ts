import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Asset, sendAsset, toAsset } from './page-assets.js';

/** The files of the page. */
interface Assets {
  readonly script: Asset;
  readonly style: Asset;
}

/** The end of the page's own script, where a call with the gateway's options begins. */
const START = 'YogaGraphiQL.renderYogaGraphiQL(';

/**
 * The page's script lists its one panel, the documentation, at this place. GraphiQL's History panel is added to the
 * list.
 */
const PANELS = /plugins:\[(\w+)\],schemaDescription/;
const HISTORY = /\b(\w+)=\{title:"History",icon:/;

/** Adds the History panel. If a new version is written differently, the script stays as it is. */
const withHistory = (script: string): string => {
  const panel = HISTORY.exec(script)?.[1];
  return panel === undefined ? script : script.replace(PANELS, `plugins:[$1,${panel}],schemaDescription`);
};

const between = (text: string, start: string, end: string): string => {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
};

const read = async (): Promise<Assets> => {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql'); // large, so it is loaded on first use
  const page = renderGraphiQL({});
  return {
    script: toAsset('graphiql', 'js', Buffer.from(withHistory(between(page, '<script>', START)))),
    style: toAsset('graphiql', 'css', Buffer.from(between(page, '<style>', '</style>'))),
  };
};

let assets: Promise<Assets> | null = null;

/** The files of the package, read once per process. */
export const graphiqlAssets = (): Promise<Assets> => (assets ??= read());

/** Sends the file of this name. */
export const sendGraphiqlAsset = async (
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { script, style } = await graphiqlAssets();
  await sendAsset(
    [script, style].find((asset) => asset.name === name),
    request,
    response,
  );
};
