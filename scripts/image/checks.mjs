// What the checks of images share: steps that say what they show, and a container's port and readiness.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { whyNoImages } from './container-tools.mjs';

const readyTimeoutMs = 120_000;
let passed = 0;

/** Ends the process where images cannot be built: with a reason, and as a failure in CI. */
export function needImages() {
  const reason = whyNoImages();
  if (reason === undefined) return;
  console.log(`skipped: ${reason}`);
  process.exit(process.env.CI === 'true' ? 1 : 0);
}

export async function step(sentence, run) {
  const startedAt = performance.now();
  await run();
  console.log(`passed in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s: ${sentence}`);
  passed += 1;
}

export function summary() {
  console.log(`${passed} passed, 0 failed`);
}

/** Waits until a path of a container responds with success. */
export async function untilOk(container, url) {
  const end = performance.now() + readyTimeoutMs;
  while (!(await isOk(url))) {
    if (performance.now() > end) assert.fail(`${url} has not succeeded in time:\n${container.logs().slice(-4_000)}`);
    await sleep(100);
  }
}

async function isOk(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
