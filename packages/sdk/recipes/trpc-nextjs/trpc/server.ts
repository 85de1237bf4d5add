import 'server-only';
import { type AppRouter, createTRPC } from '@portico/sdk/trpc';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { cache } from 'react';
import { createQueryClient } from './query-client';

const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY } = process.env;

/** One for each request. */
export const getQueryClient = cache(createQueryClient);
export const trpc = createTRPCOptionsProxy<AppRouter>({
  client: createTRPC({ url: PORTICO_URL, apiKey: PORTICO_KEY, timeoutMs: 5_000 }),
  queryClient: getQueryClient,
});
