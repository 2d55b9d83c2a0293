import type { ServerResponse } from 'node:http';
import { refusalText } from './request-id.js';

/** Answers what GraphQL has no part in. */
export const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(refusalText(body, response.req));
};

/** The page from its start, by a path that holds behind any prefix that a proxy takes off. */
export const leadToPage = (response: ServerResponse, path: string): void => {
  const folder = path.endsWith('/') ? '' : `${path.split('/').at(-1) ?? ''}/`;
  response.writeHead(302, { location: `${folder}graphql` }).end();
};
