import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

export default defineConfig(({ mode }) => {
  const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY = '' } = loadEnv(mode, process.cwd(), 'PORTICO_');
  return {
    plugins: [react()],
    server: {
      proxy: {
        '/portico': {
          target: PORTICO_URL,
          changeOrigin: true,
          rewrite: (path) => path.replace(/^\/portico/, ''),
          headers: { 'x-api-key': PORTICO_KEY },
        },
      },
    },
  };
});
