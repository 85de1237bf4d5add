import { join } from 'node:path';
import type { NextConfig } from 'next';

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // Samples come from the root of the repository.
  turbopack: { root: join(import.meta.dirname, '../..') },
};

export default config;
