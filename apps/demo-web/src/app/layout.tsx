import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { ConnectionProvider } from '../connection/connection.tsx';
import { Header } from '../shell/header.tsx';
import '../styles/tokens.css';
import '../styles/base.css';

export const metadata: Metadata = {
  title: { default: 'Portico', template: '%s · Portico' },
  description: 'See what the models see.',
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

/** The server's address is read when a page is requested, not when the site is built. */
export const dynamic = 'force-dynamic';

export default function RootLayout({ children }: { children: ReactNode }) {
  const { PORTICO_URL = 'http://localhost:8000' } = process.env;
  return (
    <html lang="en">
      <body>
        <Header />
        <ConnectionProvider defaultUrl={PORTICO_URL}>{children}</ConnectionProvider>
      </body>
    </html>
  );
}
