// What a newcomer does: clone, `npm start`, the README's curl line, the demo page; then what happens to the page when something goes wrong.
// In an empty HOME.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const port = '8321';
const webPort = '8322';
const readyTimeoutMs = 5 * 60_000;
const pageTimeoutMs = 3 * 60_000;
/** From the end of the server to that of everything else, and from its signal to its own. */
const leftoverTimeoutMs = 5_000;
const stopTimeoutMs = 20_000;
/** How much longer a server may take until it is ready because the page is built meanwhile. */
const maxRatio = 1.2;

const root = join(import.meta.dirname, '..');
const place = mkdtempSync(join(tmpdir(), 'portico-clone-'));
const home = join(place, 'home');
mkdirSync(home);

/** The environment of a newcomer: nothing of the package manager that may be running this. */
const inherited = Object.entries(process.env).filter(
  ([name]) => !/^(npm_|pnpm_|turbo_|init_cwd|node_path)/i.test(name),
);
const environment = {
  ...Object.fromEntries(inherited),
  HOME: home,
  PORT: port,
  HOST: '127.0.0.1',
  WEB_PORT: webPort,
  DRAIN_SECONDS: '0',
  CI: 'true',
};

let passed = 0;
try {
  const first = clone('first');
  await step('the server is ready, then the page responds, in an empty HOME', async () => {
    const run = await start(first);
    console.log(`   empty HOME: ready ${seconds(run.readyAfter)} after npm start`);
    readSample(first);
    expect(run.printed().includes('curl -F file=@samples/page.jpg'), 'npm start printed no curl line');
    console.log(`   the page responds ${seconds(await run.page())} after npm start`);
    await until(() => run.printed().includes(`Demo page: http://127.0.0.1:${webPort}`), 'its address is printed');
    const { demo } = await (await fetch(`http://127.0.0.1:${port}/`)).json();
    expect(demo === `http://127.0.0.1:${webPort}/`, `GET / names ${demo} as the demo page`);
    await run.stop();
    const changes = execFileSync('git', ['status', '--porcelain'], { cwd: first, encoding: 'utf8' });
    expect(changes === '', `npm start has changed files:\n${changes}`);
  });

  await step('a page that is built is not built again', async () => {
    const run = await start(first);
    console.log(
      `   warm: ready ${seconds(run.readyAfter)}, the page responds ${seconds(await run.page())} after npm start`,
    );
    // npm alone: its shell does not hand the signal on.
    run.npm.kill('SIGTERM');
    await nothingLeft();
  });

  await step('a taken port and a page that cannot be built are said in a sentence, and the server serves', async () => {
    const other = createServer().listen(Number(webPort), '127.0.0.1');
    await once(other, 'listening');
    const beside = await start(first);
    expect(beside.printed().includes(`There is no demo page: port ${webPort} is taken`), beside.printed());
    await beside.stop();
    other.close();
    appendFileSync(join(first, 'apps/demo-web/src/app/page.tsx'), '\nthis is no program\n');
    const broken = await start(first);
    await until(
      () => broken.printed().includes('There is no demo page: it cannot be built.'),
      'the failure is said',
      pageTimeoutMs,
    );
    expect((await fetch(`http://127.0.0.1:${port}/ready`)).ok, 'the server is not ready any more');
    await broken.stop();
  });

  // From here on the packages are at hand, so that the network has no part in what is compared.
  let alone;
  await step('without a page, nothing of it is installed', async () => {
    const second = clone('second');
    const run = await start(second, { WEB_PORT: 'off' });
    alone = run;
    await run.stop();
    const installed = readdirSync(join(second, 'node_modules/.pnpm')).filter((name) => /^(next|react-dom)@/.test(name));
    expect(installed.length === 0, `installed: ${installed.join(', ')}`);
  });

  const third = clone('third');
  await step('the page does not hold the server up, and ends with it while it is built', async () => {
    const { listeningAfter, readyAfter, printed, server } = await start(third);
    // Until the server listens, both do the same; what else the machine does meanwhile is not the page's.
    const ratio = (alone.listeningAfter + readyAfter - listeningAfter) / alone.readyAfter;
    console.log(
      `   ready after ${seconds(alone.readyAfter)} without the page, ${seconds(readyAfter)} with it: ${ratio.toFixed(2)} times`,
    );
    expect(ratio <= maxRatio, `that is more than ${maxRatio} times`);
    await until(
      () => processes().some(({ command }) => /turbo|next/.test(command)),
      'the page is being built',
      pageTimeoutMs,
    );
    expect(!printed().includes('Demo page'), 'the page was built too early to test this');
    process.kill(server(), 'SIGKILL');
    await nothingLeft();
  });

  await step('a build that was broken off is done again', async () => {
    const run = await start(third);
    await run.page();
    await run.stop();
  });
  console.log(`${passed} passed, 0 failed`);
} finally {
  for (const { pid } of processes()) process.kill(pid, 'SIGKILL');
  rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

async function step(sentence, run) {
  await run();
  console.log(`passed: ${sentence}`);
  passed += 1;
}

function clone(name) {
  const folder = join(place, name);
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, folder]);
  return folder;
}

/** Starts, and waits until the server is ready. */
async function start(folder, settings = {}) {
  const startedAt = performance.now();
  const npm = spawn('npm', ['start'], {
    cwd: folder,
    env: { ...environment, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk) => (output += chunk));
  const since = () => performance.now() - startedAt;
  let listeningAfter;
  while (!(await isOk(`http://127.0.0.1:${port}/ready`))) {
    if (listeningAfter === undefined && (await isOk(`http://127.0.0.1:${port}/health`))) listeningAfter = since();
    expect(npm.exitCode === null, `npm start ended with ${npm.exitCode}:\n${output}`);
    expect(since() < readyTimeoutMs, `not ready in time:\n${output}`);
    await sleep(100);
  }
  return {
    npm,
    listeningAfter: listeningAfter ?? since(),
    readyAfter: since(),
    printed: () => output,
    server: () => processes().find(({ command }) => command.includes('scripts/start.mjs'))?.pid,
    page: async () => {
      while (!(await isOk(`http://127.0.0.1:${webPort}/`))) {
        expect(since() < readyTimeoutMs + pageTimeoutMs, `the page does not respond:\n${output}`);
        await sleep(100);
      }
      return since();
    },
    /** As a terminal does on Ctrl-C: every process of the group gets the signal. */
    stop: async () => {
      process.kill(-Number(npm.pid), 'SIGINT');
      await nothingLeft();
      expect(output.includes('"stopped"'), `the server did not say that it has stopped:\n${output}`);
    },
  };
}

function readSample(folder) {
  const command = /^curl .*$/m.exec(readFileSync(join(folder, 'README.md'), 'utf8'))?.[0];
  expect(command !== undefined, 'the README has no curl line');
  const output = JSON.parse(
    execFileSync('sh', ['-c', `${command.replace('8000', port)} -sS`], { cwd: folder, encoding: 'utf8' }),
  );
  expect(output.text.includes('A model is a function with opinions'), `unexpected text: ${output.text}`);
  console.log(`   the README's curl line read ${output.lines.length} lines`);
}

/** Processes that work in one of the clones. */
function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const here = readlinkSync(`/proc/${pid}/cwd`).startsWith(place) || command.includes(place);
        return here && Number(pid) !== process.pid ? [{ pid: Number(pid), command }] : [];
      } catch {
        // It has ended, or it is another user's.
        return [];
      }
    });
}

/** First the server ends, then everything that it or npm has started. */
async function nothingLeft() {
  await until(async () => !(await isOk(`http://127.0.0.1:${port}/health`)), 'the server has stopped', stopTimeoutMs);
  await until(() => processes().length === 0, 'nothing is left').catch((error) => {
    throw new Error(
      processes()
        .map(({ pid, command }) => `left: ${pid} ${command}`)
        .join('\n'),
      { cause: error },
    );
  });
}

async function until(condition, what, timeoutMs = leftoverTimeoutMs) {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    expect(performance.now() < end, `not within ${seconds(timeoutMs)}: ${what}`);
    await sleep(50);
  }
}

async function isOk(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function expect(condition, message) {
  if (!condition) throw new Error(message);
}

function seconds(milliseconds) {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
