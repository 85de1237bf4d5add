import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { open } from './harness/browse.ts';

/** Of the first load, as it comes over the network. */
const maxScriptBytes = 180_000;

const routes = ['/', '/tasks/ocr', '/tasks/faces', '/tasks/segment', '/tasks/vad', '/tasks/embed', '/tensors'];

/** TypeScript's DOM does not know it yet. */
interface Shift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { readonly node: Node | null }[];
}

interface Load {
  readonly scriptBytes: number;
  readonly scripts: number;
  readonly shifts: string[];
  readonly largestPaintMs: number;
  readonly foreign: string[];
}

/** What the browser has fetched and painted until nothing has happened for a while. */
const loadOf = (page: Page): Promise<Load> =>
  page.evaluate(async () => {
    const buffered = (type: string): Promise<PerformanceEntryList> =>
      new Promise((resolve) => {
        const observer = new PerformanceObserver((list) => resolve(list.getEntries()));
        observer.observe({ type, buffered: true });
        setTimeout(() => resolve([]), 500);
      });
    const shifts = (await buffered('layout-shift')) as Shift[];
    const paints = await buffered('largest-contentful-paint');
    const fetched = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const scripts = fetched.filter(({ name }) => new URL(name).pathname.endsWith('.js'));
    return {
      scriptBytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      scripts: scripts.length,
      shifts: shifts
        .filter(({ hadRecentInput }) => !hadRecentInput)
        .map(
          ({ value, sources }) =>
            `${value.toFixed(5)} by ${sources.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 200)).join(' and ')}`,
        ),
      largestPaintMs: paints.at(-1)?.startTime ?? Number.NaN,
      foreign: fetched
        .map(({ name }) => new URL(name))
        .filter(({ protocol }) => protocol.startsWith('http'))
        .map(({ origin }) => origin),
    };
  });

describe.each(routes)('the first load of %s', (route) => {
  test('fetches little JavaScript, moves nothing, and sends requests only to its server and the model server', async () => {
    const page = await open(route);
    await page.waitForLoadState('networkidle');
    const { scriptBytes, scripts, shifts, largestPaintMs, foreign } = await loadOf(page);
    // oxlint-disable-next-line no-console -- the figures are what this is for.
    console.log(
      `${route}: ${(scriptBytes / 1_000).toFixed(1)} kB of JavaScript in ${scripts} files, largest paint after ${largestPaintMs.toFixed(0)} ms, ${shifts.length} layout shifts`,
    );
    expect(scriptBytes).toBeGreaterThan(0);
    expect(scriptBytes).toBeLessThanOrEqual(maxScriptBytes);
    expect(shifts).toEqual([]);
    expect([...new Set(foreign)].filter((origin) => origin !== inject('page') && origin !== inject('server'))).toEqual(
      [],
    );
  });
});
