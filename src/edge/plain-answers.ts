import type { ServerResponse } from 'node:http';
import { refusalText } from './request-id.js';

/** Answers requests that are not GraphQL. */
export const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(refusalText(body, response.req));
};

/** Redirects to the page, by a relative path that works behind any prefix removed by a proxy. */
export const leadToPage = (response: ServerResponse, path: string): void => {
  const folder = path.endsWith('/') ? '' : `${path.split('/').at(-1) ?? ''}/`;
  response.writeHead(302, { location: `${folder}graphql` }).end();
};
