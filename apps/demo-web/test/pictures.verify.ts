import type { FacesResult, OcrResult } from '@portico/schemas';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { open } from './harness/browse.ts';
import { samples } from './harness/samples.ts';
import { parameters, postFile, runSample } from './harness/task-page.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** How far a shape may be from where the server says, in CSS pixels. */
const tolerance = 0.6;

/**
 * The corners of each shape on the screen, in pixels of the picture below it: from where the browser has drawn both, not from
 * the numbers in the markup.
 */
const drawn = (page: Page, shapes: string): Promise<{ points: Point[][]; cssPixel: number }> =>
  page.evaluate((shapes) => {
    const picture = document.querySelector<HTMLImageElement>('figure img')!;
    const { left, top, width } = picture.getBoundingClientRect();
    const cssPixel = picture.naturalWidth / width;
    const points = [...document.querySelectorAll<SVGGeometryElement>(shapes)].map((shape) => {
      const { x, y, width, height } = shape.getBBox();
      const own =
        shape instanceof SVGPolygonElement
          ? [...shape.points]
          : [new DOMPoint(x, y), new DOMPoint(x + width, y + height)];
      const toScreen = shape.getScreenCTM()!;
      return own.map((point) => {
        const onScreen = DOMPoint.fromPoint(point).matrixTransform(toScreen);
        return { x: (onScreen.x - left) * cssPixel, y: (onScreen.y - top) * cssPixel };
      });
    });
    return { points, cssPixel };
  }, shapes);

async function expectDrawn(page: Page, shapes: string, expected: readonly (readonly Point[])[]): Promise<void> {
  const { points, cssPixel } = await drawn(page, shapes);
  expect(points.map((shape) => shape.length)).toEqual(expected.map((shape) => shape.length));
  const distances = points.flatMap((shape, index) =>
    shape.map(({ x, y }, corner) => Math.hypot(x - expected[index]![corner]!.x, y - expected[index]![corner]!.y)),
  );
  expect(Math.max(...distances) / cssPixel).toBeLessThan(tolerance);
}

describe.each([1280, 360])('at a width of %i pixels', (width) => {
  test('each line of text is outlined where it is, and its words when they are wanted', async () => {
    const page = await open('/tasks/ocr', { width });
    await runSample(page, 'page.jpg');
    const { lines } = (await postFile('ocr', samples.page, { words: 'true' })) as OcrResult;
    await expectDrawn(
      page,
      'polygon[data-line]',
      lines.map(({ polygon }) => polygon),
    );

    await parameters(page).getByRole('switch', { name: 'words' }).click();
    await page.locator('polygon[data-word]').first().waitFor();
    await expectDrawn(
      page,
      'polygon[data-word]',
      lines.flatMap(({ words = [] }) => words.map(({ polygon }) => polygon)),
    );
  });

  test('each face has its box and its landmarks where they are', async () => {
    const page = await open('/tasks/faces', { width });
    await runSample(page, 'astronaut.png');
    const { faces } = (await postFile('faces', samples.portrait)) as FacesResult;
    await expectDrawn(
      page,
      'rect[data-face]',
      faces.map(({ box: { x, y, width, height } }) => [
        { x, y },
        { x: x + width, y: y + height },
      ]),
    );
    const landmarks = faces.flatMap(({ landmarks }, face) =>
      Object.entries(landmarks).map(([name, point]) => [`${face}.${name}`, point] as const),
    );
    for (const [name, point] of landmarks) {
      await expectDrawn(page, `[data-landmark="${name}"]`, [[point, point]]);
    }
    expect(landmarks).toHaveLength(faces.length * 6);
  });
});
