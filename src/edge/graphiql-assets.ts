import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Asset, sendAsset, toAsset } from './page-assets.js';

/** The page's own files. */
interface Assets {
  readonly script: Asset;
  readonly style: Asset;
}

/** Where the page's own script ends, and the call begins that has the options of a gateway. */
const START = 'YogaGraphiQL.renderYogaGraphiQL(';

/** The page has one panel beside the documentation; this is where its script lists it, and where GraphiQL's History is. */
const PANELS = /plugins:\[(\w+)\],schemaDescription/;
const HISTORY = /\b(\w+)=\{title:"History",icon:/;

/** Puts the History panel beside the one that the page has. Stays as it is where a new version is written otherwise. */
const withHistory = (script: string): string => {
  const panel = HISTORY.exec(script)?.[1];
  return panel === undefined ? script : script.replace(PANELS, `plugins:[$1,${panel}],schemaDescription`);
};

const between = (text: string, start: string, end: string): string => {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
};

const read = async (): Promise<Assets> => {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql'); // large, so loaded when first asked for
  const page = renderGraphiQL({});
  return {
    script: toAsset('graphiql', 'js', Buffer.from(withHistory(between(page, '<script>', START)))),
    style: toAsset('graphiql', 'css', Buffer.from(between(page, '<style>', '</style>'))),
  };
};

let assets: Promise<Assets> | null = null;

/** The files, read once in a process: they are those of the package. */
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
