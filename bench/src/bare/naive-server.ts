import { bareApp, listen } from './app.ts';
import { openDigits } from './digits-session.ts';

// What one writes first in Node: Fastify and ONNX Runtime in one process.
const score = await openDigits();
const app = bareApp();
app.post('/raw', async (request, reply) => {
  reply.type('application/octet-stream');
  return Buffer.from(await score(request.body as Buffer));
});
await listen(app);
