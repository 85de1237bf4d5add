import type { Generator } from './generated-project.ts';
import { cacheHonoTemplate } from './hono-template.ts';

const vite = '8.4.0';
/** The last that runs in Node 20. */
const vitest = '4.1.12';
const typesReact = '19.3.3';
const typesReactDom = '19.3.0';

/** The generator of each framework, by the name of the page that shows its command. */
export const generators = {
  nextjs: {
    command: 'npx create-next-app@latest my-app --yes',
    version: '16.4.3',
    unattended: ['--skip-install', '--disable-git'],
    versions: {
      '@tailwindcss/turbopack': '4.3.3',
      '@types/node': '20.19.43',
      '@types/react': typesReact,
      '@types/react-dom': typesReactDom,
      eslint: '9.39.5',
      'eslint-config-next': '16.4.3',
      next: '16.4.3',
      react: '19.3.0',
      'react-dom': '19.3.0',
      tailwindcss: '4.3.5',
      typescript: '5.9.3',
    },
  },
  vite: {
    command: 'npx create-vite@latest my-app --template react-ts',
    version: '9.3.0',
    unattended: ['--no-interactive'],
    adds: ['@tanstack/react-query'],
    versions: {
      '@tanstack/react-query': '5.108.4',
      '@types/node': '24.19.4',
      '@types/react': typesReact,
      '@types/react-dom': typesReactDom,
      '@vitejs/plugin-react': '6.3.0',
      oxlint: '1.94.0',
      react: '19.3.1',
      'react-dom': '19.3.1',
      typescript: '7.0.2',
      vite,
    },
  },
  sveltekit: {
    command: 'npx sv@latest create my-app --template minimal --types ts --add sveltekit-adapter=adapter:node',
    version: '0.17.1',
    unattended: ['--no-install', '--no-dir-check', '--no-download-check'],
    versions: {
      '@sveltejs/adapter-node': '5.5.7',
      '@sveltejs/kit': '2.70.4',
      '@sveltejs/vite-plugin-svelte': '7.3.1',
      svelte: '5.57.3',
      'svelte-check': '4.7.8',
      typescript: '6.0.3',
      vite,
    },
  },
  express: {
    command: 'npx express-generator@latest my-app --no-view',
    version: '4.16.1',
    adds: ['express@latest', 'typescript', '@types/express', '@types/node'],
    versions: {
      '@types/express': '5.0.6',
      '@types/node': '26.6.7',
      'cookie-parser': '1.4.7',
      debug: '2.6.9',
      express: '5.3.0',
      morgan: '1.9.1',
      typescript: '7.0.2',
    },
  },
  hono: {
    command: 'npm create hono@latest my-app -- --template nodejs',
    version: '0.19.5',
    prepare: cacheHonoTemplate,
    // Whether to install.
    answer: 'n\n',
    versions: {
      '@hono/node-server': '2.1.9',
      '@types/node': '26.6.7',
      hono: '4.13.19',
      tsx: '4.23.15',
      typescript: '7.0.2',
    },
  },
  nestjs: {
    command: 'npx @nestjs/cli@latest new my-app',
    version: '12.0.8',
    unattended: ['--skip-git', '--skip-install', '--package-manager', 'npm', '--no-observe'],
    versions: {
      '@nestjs/cli': '12.0.8',
      '@nestjs/common': '12.5.1',
      '@nestjs/core': '12.5.1',
      '@nestjs/mau': '0.2.8',
      '@nestjs/platform-express': '12.5.1',
      '@nestjs/schematics': '12.0.6',
      '@nestjs/testing': '12.1.1',
      '@types/express': '5.0.6',
      '@types/node': '24.19.4',
      '@types/supertest': '7.2.1',
      '@vitest/coverage-v8': vitest,
      oxlint: '1.94.0',
      'oxlint-tsgolint': '7.0.2008',
      prettier: '3.10.1',
      'reflect-metadata': '0.2.2',
      rxjs: '7.8.2',
      'source-map-support': '0.5.21',
      supertest: '7.3.2',
      typescript: '6.0.3',
      'vite-tsconfig-paths': '5.1.4',
      vitest,
    },
  },
  testing: {
    command: 'npx create-vite@latest my-app --template vanilla-ts',
    version: '9.3.0',
    unattended: ['--no-interactive'],
    adds: ['vitest', 'msw'],
    // Vitest 5 and msw 3.
    latestNeedsNode: 22,
    versions: { msw: '2.9.0', typescript: '7.0.2', vite, vitest },
  },
} satisfies Record<string, Generator>;
