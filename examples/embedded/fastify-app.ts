import { createCopygraph, startSandbox } from 'copygraph';
import fastify from 'fastify';

const sandbox = await startSandbox(); // in place of a config of your own
const copygraph = await createCopygraph({
  ...sandbox.config,
  server: { basePath: '/backup', drainDelaySeconds: Number(process.env['DRAIN_DELAY'] ?? 0) },
});

const app = fastify({ forceCloseConnections: 'idle' });
app.get('/hello', () => ({ hello: 'world' }));
app.post('/echo', ({ body }) => body);
await app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _body, done) => done(null)); // copygraph reads bodies itself
  for (const path of ['/backup/*', '/readyz', '/metrics']) {
    scope.all(path, (request, reply) => {
      reply.hijack(); // copygraph answers
      copygraph.handle(request.raw, reply.raw);
    });
  }
});

app.server.on('upgrade', (request, socket, head) => {
  if (!copygraph.upgrade(request, socket, head)) socket.destroy(); // or hand it to your own WebSockets
});
const address = await app.listen({ port: Number(process.env['PORT'] ?? 4000), host: '127.0.0.1' });
process.stdout.write(`${address}/backup/graphql\n`);

process.once('SIGTERM', async () => {
  await copygraph.drain(); // running requests are answered, and subscriptions complete
  await app.close();
  await sandbox.close();
  process.exit(0);
});
