import { join } from 'node:path';
import type { NextConfig } from 'next';

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // For the image: the page with what it needs of node_modules, in a folder of its own.
  ...(process.env.NEXT_OUTPUT === 'standalone' && {
    output: 'standalone' as const,
    outputFileTracingRoot: join(import.meta.dirname, '../..'),
  }),
  // The tab holds an API key: no other page may frame this one, and nothing is run for what it is not.
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'content-security-policy', value: "frame-ancestors 'none'; object-src 'none'; base-uri 'none'" },
        { key: 'x-content-type-options', value: 'nosniff' },
        { key: 'referrer-policy', value: 'no-referrer' },
      ],
    },
  ],
  // Samples come from the root of the repository.
  turbopack: { root: join(import.meta.dirname, '../..') },
};

export default config;
