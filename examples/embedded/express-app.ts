import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCopygraph, startSandbox } from 'copygraph';
import express from 'express';

const sandbox = await startSandbox(); // in place of a config of your own
const copygraph = await createCopygraph({
  ...sandbox.config,
  server: { basePath: '/backup', drainDelaySeconds: Number(process.env['DRAIN_DELAY'] ?? 0) },
});

const app = express();
app.use('/backup', (request, response) => {
  request.url = request.originalUrl; // Express has taken the path of the mount off
  copygraph.handle(request, response);
});
app.get(['/readyz', '/metrics'], copygraph.handle);
app.use(express.json()); // behind copygraph, which reads the bodies of its requests itself
app.get('/hello', (_request, response) => void response.json({ hello: 'world' }));
app.post('/echo', (request, response) => void response.json(request.body));

const server = createServer(app);
server.on('upgrade', (request, socket, head) => {
  if (!copygraph.upgrade(request, socket, head)) socket.destroy(); // or hand it to your own WebSockets
});
server.listen(Number(process.env['PORT'] ?? 4000), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  process.stdout.write(`http://127.0.0.1:${port}/backup/graphql\n`);
});

process.once('SIGTERM', async () => {
  await copygraph.drain(); // running requests are answered, and subscriptions complete
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  await sandbox.close();
});
