// The demo page beside a server, started by demo-page.mjs: prepares and serves it, until the process that has started this one ends.
// Whatever fails is said in a sentence and ends this process, which leads a session of its own, with everything that it has started.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endSession } from './session.mjs';

const responseTimeoutMs = 60_000;
/** A page that takes longer is announced. */
const noticeMs = 4_000;
/** What is kept of the output of a command that may fail, in UTF-16 units. */
const maxOutputLength = 20_000;

const folder = join(import.meta.dirname, '../apps/demo-web');
const isDevelopment = process.argv[2] === 'development';
const { DEMO_URL: url, WEB_PORT: port, WEB_HOST: host } = process.env;

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end);
process.on('disconnect', end);
process.on('uncaughtException', ({ message }) => fail(message.split('\n', 1)[0], ''));
process.stderr.on('error', () => {});

const notice = setTimeout(() => tell('The demo page is being built; its address follows.'), noticeMs);
setSessionPriority(constants.priority.PRIORITY_BELOW_NORMAL);
if (!isDevelopment) {
  await prepare(
    'install --frozen-lockfile --prefer-offline --filter @portico/demo-web...',
    'its packages cannot be installed',
  );
}
// From source, it still imports the SDK as it is built.
const built = isDevelopment ? '@portico/demo-web^...' : '@portico/demo-web';
await prepare(`turbo run build --filter=${built} --output-logs=errors-only`, 'it cannot be built');
setSessionPriority(constants.priority.PRIORITY_NORMAL);
await serve();

/** Runs a command of pnpm at low priority. Its output is shown if it fails. */
async function prepare(command, failure) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'pnpm.mjs'), command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // What it starts inherits this. Where everything has a low priority already, it may not be raised.
  setPriority(child.pid, Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL));
  const output = outputOf(child);
  const [code] = await endOf(child);
  if (code !== 0) fail(failure, output());
}

/** Serves the page, and says where it is as soon as it responds. */
async function serve() {
  const next = createRequire(join(folder, 'package.json')).resolve('next/dist/bin/next');
  const child = spawn(
    process.execPath,
    [next, isDevelopment ? 'dev' : 'start', '--port', port, ...(host === '' ? [] : ['--hostname', host])],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const output = outputOf(child);
  const ended = endOf(child).then(([code, signal]) => fail(`it ended with ${signal ?? `code ${code}`}`, output()));
  await Promise.race([ended, untilItResponds()]);
  clearTimeout(notice);
  child.stderr.pipe(process.stderr);
  tell(`Demo page: ${url}`);
}

async function untilItResponds() {
  const until = performance.now() + responseTimeoutMs;
  for (;;) {
    const status = await fetch(url, { signal: AbortSignal.timeout(responseTimeoutMs) }).then(
      (response) => response.status,
      () => 0,
    );
    if (status >= 500) fail(`it responds with ${status}`, '');
    if (status > 0) return;
    if (performance.now() > until) fail(`it has not responded for ${responseTimeoutMs / 1_000} s`, '');
    await sleep(100);
  }
}

function outputOf({ stdout, stderr }) {
  let output = '';
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (chunk) => (output = `${output}${chunk}`.slice(-maxOutputLength)));
  }
  return () => output.trim();
}

/** The code and the signal with which a process ends; its output is complete by then. */
function endOf(child) {
  return new Promise((resolve, reject) => {
    child.once('close', (...how) => resolve(how));
    child.once('error', reject);
  });
}

function fail(reason, output) {
  if (output !== '') tell(output);
  tell(`There is no demo page: ${reason}. The server is not affected.`);
  end();
}

function end() {
  endSession(process.pid);
  process.exit();
}

/**
 * Linux may share processor time out between sessions before it looks at the priority of a process in one. A session may have its own priority
 * back, which a process may not.
 */
function setSessionPriority(niceness) {
  try {
    writeFileSync('/proc/self/autogroup', String(niceness));
  } catch {
    // This system has nothing of the kind.
  }
}

function tell(text) {
  process.stderr.write(`${text}\n`);
}
