import { createTRPCClient, type TRPCClient } from '@trpc/client';
import type { Connection } from '../calls/connection.ts';
import type { AppRouter } from './app-router.ts';
import { errorsLink } from './errors-link.ts';
import { sharedRequestsLink } from './shared-requests-link.ts';
import { typedCallsLink } from './typed-calls-link.ts';
import { requests } from './requests.ts';

/** The typed tRPC client. */
export const trpcClient = (connection: Connection): TRPCClient<AppRouter> =>
  createTRPCClient<AppRouter>({
    links: [errorsLink, typedCallsLink(connection), sharedRequestsLink(requests(connection))],
  });
