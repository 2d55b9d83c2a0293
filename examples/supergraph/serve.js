import { createServer } from 'node:http';

/** Listens on loopback, at `PORT` or a free port, and says where; SIGTERM and SIGINT end it. */
export const serve = (name, handle, dispose = async () => undefined) => {
  const server = createServer(handle);
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
    process.stdout.write(`${name} at http://127.0.0.1:${server.address().port}/graphql\n`);
  });
  const end = () => {
    server.close();
    server.closeAllConnections();
    void dispose();
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
};
