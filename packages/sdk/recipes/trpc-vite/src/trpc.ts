import { type AppRouter, createTRPC } from '@portico/sdk/trpc';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';

export const queryClient = new QueryClient();
export const trpc = createTRPCOptionsProxy<AppRouter>({
  client: createTRPC({ url: 'http://localhost:8000' }),
  queryClient,
});
