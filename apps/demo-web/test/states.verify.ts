import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { findings } from './harness/axe.ts';
import { open } from './harness/browse.ts';
import { states } from './harness/states.ts';

/** Not in the repository: for looking at. */
const folder = join(import.meta.dirname, 'screenshots');

/** What stays at the edge of the window is at its own place in a picture of the whole page. */
const unstuck = 'footer, aside, main > div > div > div { position: relative !important; inset: auto !important; }';

const sizes = [
  { width: 1280, height: 860 },
  { width: 360, height: 740 },
];
const themes = ['light', 'dark'] as const;

beforeAll(() => mkdir(folder, { recursive: true }));

test.each(states)(
  '$name: axe-core finds nothing and nothing is wider than the screen, in both themes and sizes',
  async ({ name, path, server, reach }) => {
    const settings = server === undefined ? undefined : { url: server() };
    const page = await open(path, { context: { reducedMotion: 'reduce' }, ...(settings && { settings }) });
    await reach(page);
    const wrong: string[] = [];
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const colorScheme of themes) {
        await page.emulateMedia({ colorScheme });
        const shown = `${name}, ${size.width}, ${colorScheme}`;
        await page.screenshot({ path: join(folder, `${shown}.png`), fullPage: true, style: unstuck });
        wrong.push(...(await findings(page)).map((finding) => `${shown}: ${finding}`));
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (wide > 0) wrong.push(`${shown}: ${wide} pixels too wide`);
      }
    }
    expect(wrong).toEqual([]);
  },
);
