import { transformer } from '@portico/sdk/trpc';
import { defaultShouldDehydrateQuery, QueryClient } from '@tanstack/react-query';

/** A query that was started on the server goes to the browser while it still waits for its data. */
export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: { staleTime: 30_000 },
      dehydrate: {
        serializeData: (data) => transformer.serialize(data),
        shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === 'pending',
      },
      hydrate: { deserializeData: (data) => transformer.deserialize(data) },
    },
  });
