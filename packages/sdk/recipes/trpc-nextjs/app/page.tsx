import { dehydrate, HydrationBoundary } from '@tanstack/react-query';
import { connection } from 'next/server';
import { Suspense } from 'react';
import { Providers } from '../trpc/client';
import { getQueryClient, trpc } from '../trpc/server';
import { Models } from './models';

export default function Page() {
  return (
    <Providers>
      <h1>Served here</h1>
      <Suspense fallback={<p>Looking …</p>}>
        <PrefetchedModels />
      </Suspense>
    </Providers>
  );
}

/** The request starts here, on the server, and the browser makes none for it. */
async function PrefetchedModels() {
  await connection();
  const queryClient = getQueryClient();
  void queryClient.prefetchQuery(trpc.models.list.queryOptions());
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <Models />
    </HydrationBoundary>
  );
}
