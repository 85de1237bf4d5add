// What `npm start` runs: the bundled service in this process, as `node apps/server/dist/main.js` runs it, and the demo page beside it once
// the server listens. docs/decisions/026-the-page-beside-the-server.md says why.
import { pageToServe, servePage } from './demo-page.mjs';

/** How often this process looks whether the shell that npm started it with is still there. */
const parentCheckMs = 500;

// Before anything else, as main.js does.
const { catchStopSignals } = await import(new URL('../packages/server/dist/signals.js', import.meta.url));
catchStopSignals();
const page = await pageToServe();
// Where `GET /` of the server says that the page is.
if (page !== undefined) process.env.DEMO_URL ||= page.url;
const { url } = await import(new URL('../apps/server/dist/main.js', import.meta.url));
if (url !== undefined) {
  stopWithNpm();
  if (page !== undefined) servePage(page, Number(new URL(url).port));
}

/**
 * Stops the server when npm is to stop: npm hands a signal to the shell that it runs this script with, and the shell ends without
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
