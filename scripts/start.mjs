// What `npm start` runs: the bundled service in this process, as `node apps/server/dist/main.js` runs it, and beside it the demo page,
// which gets processes of its own once the server listens. docs/decisions/026-the-page-beside-the-server.md says why.
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { endSession } from './session.mjs';

const defaultWebPort = '3000';
/** How often this process looks whether the shell that npm started it with is still there. */
const parentCheckMs = 500;

// Before anything else, as main.js does.
const { catchStopSignals } = await import(new URL('../packages/server/dist/signals.js', import.meta.url));
catchStopSignals();
process.stderr.on('error', () => {});
const page = await pageToServe();
// Where `GET /` of the server says that the page is.
if (page !== undefined) process.env.DEMO_URL ||= page.url;
const { url } = await import(new URL('../apps/server/dist/main.js', import.meta.url));
if (url !== undefined) {
  stopWithNpm();
  if (page !== undefined) servePage(url);
}

/** Where the page is to be; undefined, and the reason in words, where there is to be none. */
async function pageToServe() {
  const { WEB_PORT, HOST = '', PORT, CORS_ORIGINS } = process.env;
  const setting = (WEB_PORT || defaultWebPort).trim().toLowerCase();
  if (setting === 'off' || setting === '0' || !existsSync(join(import.meta.dirname, '../apps/demo-web')))
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

/** Installs, builds and serves the page in a session of its own, which ends with this process, however this process ends. */
function servePage(serverUrl) {
  const { port, host } = page;
  const { API_KEYS: _keys, NODE_ENV: _mode, ...environment } = process.env;
  const child = fork(join(import.meta.dirname, 'demo-page.mjs'), [], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...environment,
      DEMO_URL: page.url,
      WEB_PORT: String(port),
      WEB_HOST: host ?? '',
      PORTICO_URL: `http://${hostInUrl(host)}:${new URL(serverUrl).port}`,
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

/**
 * Stops the server when npm is told to stop: npm hands a signal to the shell that it runs this script with, and the shell ends without
 * handing it on. There is no event for that.
 */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, parentCheckMs).unref();
}

function hostInUrl(host = 'localhost') {
  return host.includes(':') ? `[${host}]` : host;
}

/** On standard error, because standard output belongs to the server's log. */
function tell(text) {
  process.stderr.write(`${text}\n`);
}
