import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BoardSettings, answerBoard, boardAssetIn, boardOf } from '../edge/board.js';
import type { Config } from './config.js';

const placeOf = ({ server }: Config): string => `${server.basePath}/board`;

/** Whether a path belongs to the board, and the board is on. */
export const isOfBoard = (config: Config, path: string): boolean => {
  const at = placeOf(config);
  return config.server.board && (path === at || path === `${at}/` || boardAssetIn(path, at) !== null);
};

const settingsOf = ({ server, auth, upstreams, watch, limits }: Config): BoardSettings => ({
  keyed: auth !== undefined,
  sandbox: upstreams.some(({ sandbox }) => sandbox),
  graphiql: server.graphiql,
  offsiteLagHours: watch.offsiteLagHours,
  lookBackHours: limits.lookBackHours,
});

/** Sends the board, or one of its files. */
export const sendBoard = (config: Config, path: string, request: IncomingMessage, response: ServerResponse): void => {
  const at = placeOf(config);
  if (path === `${at}/`) return void response.writeHead(302, { location: '../board' }).end();
  void answerBoard(boardOf(), settingsOf(config), { asset: boardAssetIn(path, at), request, response });
};
