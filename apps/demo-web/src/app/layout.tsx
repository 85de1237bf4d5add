import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { ConnectionProvider } from '../connection/connection.tsx';
import { serverUrl } from '../connection/server-url.ts';
import { Header } from '../shell/header.tsx';
import { StatusBar } from '../shell/status-bar.tsx';
import { type Theme, themeCookie } from '../shell/theme.ts';
import '../styles/tokens.css';
import '../styles/base.css';

export const metadata: Metadata = {
  title: { default: 'Portico: see what the models see', template: '%s · Portico' },
  description: 'Every model of a Portico server, to try in the browser.',
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

/** The server's address is read when a page is requested, not when the site is built. */
export const dynamic = 'force-dynamic';

export default async function RootLayout({ children }: { children: ReactNode }) {
  const defaultUrl = serverUrl(process.env['PORTICO_URL'], (await headers()).get('host'));
  const cookie = (await cookies()).get(themeCookie)?.value;
  const theme: Theme = cookie === 'light' || cookie === 'dark' ? cookie : 'system';
  return (
    <html lang="en" data-theme={theme}>
      <body>
        <ConnectionProvider defaultUrl={defaultUrl}>
          <Header theme={theme} />
          {children}
          <StatusBar />
        </ConnectionProvider>
      </body>
    </html>
  );
}
