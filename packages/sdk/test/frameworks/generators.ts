import type { Generator } from './generated-project.ts';

const vite = '8.4.0';
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
} satisfies Record<string, Generator>;
