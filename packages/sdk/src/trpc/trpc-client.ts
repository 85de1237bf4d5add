import { createTRPCClient, type TRPCClient } from '@trpc/client';
import type { Connection } from '../calls/connection.ts';
import type { AppRouter } from './app-router.ts';
import { deadlineLink } from './deadline-link.ts';
import { errorsLink } from './errors-link.ts';
import { signalLink } from './signal-link.ts';
import { sharedRequestsLink } from './shared-requests-link.ts';
import { requests } from './requests.ts';

/** The typed tRPC client. */
export const trpcClient = (connection: Connection): TRPCClient<AppRouter> =>
  createTRPCClient<AppRouter>({
    links: [errorsLink, signalLink, deadlineLink(connection), sharedRequestsLink(requests(connection))],
  });
