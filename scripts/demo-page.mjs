// Whether there is to be a demo page beside a server and where, and its processes.
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { endSession } from './session.mjs';

const defaultWebPort = '3000';

process.stderr.on('error', () => {});

/** Where the page is to be; undefined, and the reason in words, where there is to be none. */
export async function pageToServe() {
  const { WEB_PORT, HOST = '', PORT, CORS_ORIGINS } = process.env;
  const setting = (WEB_PORT || defaultWebPort).trim().toLowerCase();
  if (setting === 'off' || /^0+$/.test(setting) || !existsSync(join(import.meta.dirname, '../apps/demo-web')))
    return undefined;
  const port = Number(setting);
  if (!/^\d+$/.test(setting) || port > 65_535) {
    return noPage(`WEB_PORT=${JSON.stringify(WEB_PORT)} is not allowed: use a port, or off for no page`);
  }
  const host = ['', '0.0.0.0', '::'].includes(HOST.trim()) ? undefined : HOST.trim();
  if (host?.includes('/')) return noPage('HOST is a unix socket, which no browser reaches: set WEB_PORT=off');
  if (port === Number(PORT || '8000'))
    return noPage(`port ${port} is the server's: set WEB_PORT to another port, or to off`);
  const problem = await listenProblem(port, host);
  if (problem === 'EADDRINUSE') return noPage(`port ${port} is taken: set WEB_PORT to another port, or to off`);
  if (problem !== undefined)
    return noPage(`it cannot listen on port ${port} (${problem}): set WEB_PORT to another, or to off`);
  const origin = `http://${hostInUrl(host)}:${port}`;
  const origins = CORS_ORIGINS?.trim() || '*';
  if (origins !== '*' && !origins.split(',').some((allowed) => allowed.trim() === origin)) {
    tell(`The demo page cannot call the server, because CORS_ORIGINS does not name ${origin}.`);
  }
  return { port, host, url: origin };
}

function noPage(reason) {
  tell(`There is no demo page: ${reason}.`);
  return undefined;
}

/** The system's code for why a port cannot be listened on; undefined if it can. */
function listenProblem(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }) => resolve(code));
    server.listen({ port, host }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * Serves the page in a session of its own, which ends with this process, however this process ends.
 * @param how 'production' installs and builds it first; 'development' serves it from source
 */
export function servePage({ port, host, url }, serverPort, how = 'production') {
  const { API_KEYS: _keys, NODE_ENV: _mode, ...environment } = process.env;
  const child = fork(join(import.meta.dirname, 'demo-page-process.mjs'), [how], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...environment,
      DEMO_URL: url,
      WEB_PORT: String(port),
      WEB_HOST: host ?? '',
      PORTICO_URL: `http://${hostInUrl(host)}:${serverPort}`,
      NEXT_TELEMETRY_DISABLED: '1',
    },
  });
  child.once('error', ({ message }) => noPage(message));
  child.once('exit', (_code, signal) => {
    if (signal !== null) noPage(`its process was ended by ${signal}`);
    endSession(child.pid);
  });
  // Neither keeps this process alive.
  child.unref();
  child.channel?.unref();
  // The page need not wait until the server has drained.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.once(signal, () => child.connected && child.disconnect());
  }
}

function hostInUrl(host = 'localhost') {
  return host.includes(':') ? `[${host}]` : host;
}

/** On standard error, because standard output belongs to the server's log. */
function tell(text) {
  process.stderr.write(`${text}\n`);
}
