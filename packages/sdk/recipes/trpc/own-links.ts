import { type AppRouter, transformer } from '@portico/sdk/trpc';
import { createTRPCClient, httpBatchStreamLink, loggerLink } from '@trpc/client';

const { PORTICO_URL = 'http://localhost:8000' } = process.env;
const trpc = createTRPCClient<AppRouter>({
  links: [
    loggerLink({ colorMode: 'none' }),
    httpBatchStreamLink({ url: `${PORTICO_URL}/trpc`, transformer, maxItems: 16 }),
  ],
});

const [{ status }, { available }] = await Promise.all([trpc.status.ready.query(), trpc.status.gpu.query()]);
console.log(status, available);
