import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Face, type faces, isFailure } from '@portico/schemas';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharp } from '@portico/media/image';
import { CancelAtFirstRun, type LoadedModel } from '@portico/server/testing';
import model from './model.ts';
import { type FaceFinder, finderOf, inputOf, loadFaces } from './testing/load-faces.ts';

/** 512 × 512 pixels. Eyes, nose and mouth were read off the picture by eye. */
const seen = {
  rightEye: { x: 203, y: 101 },
  leftEye: { x: 248, y: 103 },
  nose: { x: 224, y: 125 },
  mouth: { x: 223, y: 146 },
};
const side = 512;

let sample: Buffer;
let blank: Buffer;
beforeAll(async () => {
  sample = await readFile(join(import.meta.dirname, '../../samples/astronaut.png'));
  blank = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#777' } })
    .png()
    .toBuffer();
});

/** Two copies of the sample beside each other. */
const twice = (): Promise<Buffer> =>
  sharp(sample)
    .extend({ right: side, background: 'white' })
    .composite([{ input: sample, left: side, top: 0 }])
    .png()
    .toBuffer();

/** Every place of a face, in order: the box's corners, then the landmarks. */
const places = ({ box, landmarks }: Face): number[] => [
  box.x,
  box.y,
  box.x + box.width,
  box.y + box.height,
  ...Object.values(landmarks).flatMap(({ x, y }) => [x, y]),
];

/** The largest difference of two lists of as many numbers. */
function farthest(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) throw new RangeError(`${found.length} numbers, not ${expected.length}.`);
  return Math.max(...found.map((value, index) => Math.abs(value - (expected[index] ?? NaN))));
}

function only(found: readonly Face[]): Face {
  const [face, ...others] = found;
  if (face === undefined || others.length > 0) throw new RangeError(`There are ${found.length} faces, not one.`);
  return face;
}

describe.each([
  ['back', 256],
  ['front', 128],
])('%s', (variant, input) => {
  /** Three pixels of what the network sees, in those of the sample. */
  const tolerance = (3 * side) / input;
  let loaded: LoadedModel<typeof faces>;
  let find: FaceFinder;
  beforeAll(async () => {
    loaded = await loadFaces(variant);
    find = finderOf(loaded);
  });

  test('finds the one face of the sample', async () => {
    const { width, height, faces: found } = await find(sample);
    expect([width, height]).toEqual([side, side]);
    const { box, landmarks, confidence } = only(found);
    expect(confidence).toBeGreaterThan(0.8);
    for (const name of ['rightEye', 'leftEye', 'nose', 'mouth'] as const)
      expect(farthest(Object.values(landmarks[name]), Object.values(seen[name]))).toBeLessThanOrEqual(8);
    for (const { x, y } of Object.values(landmarks)) {
      expect(Math.abs(x - (box.x + box.width / 2))).toBeLessThanOrEqual(box.width / 2);
      expect(Math.abs(y - (box.y + box.height / 2))).toBeLessThanOrEqual(box.height / 2);
    }
  });

  test('calls left what is left for the person, and knows up from down', async () => {
    const { leftEye, rightEye, nose, mouth, leftEar, rightEar } = only((await find(sample)).faces).landmarks;
    const across = [rightEar, rightEye, leftEye, leftEar].map(({ x }) => x);
    expect(across).toEqual(across.toSorted((a, b) => a - b));
    expect(Math.max(leftEye.y, rightEye.y)).toBeLessThan(nose.y);
    expect(nose.y).toBeLessThan(mouth.y);
  });

  test('finds the mirrored face in the mirrored picture, with left and right swapped', async () => {
    const { box, landmarks } = only((await find(await sharp(sample).flop().toBuffer())).faces);
    const { leftEye, rightEye, nose, mouth, leftEar, rightEar } = landmarks;
    const swapped = [rightEye, leftEye, nose, mouth, rightEar, leftEar];
    const mirrored = [side - box.x - box.width, box.y, side - box.x, box.y + box.height];
    const back = [...mirrored, ...swapped.flatMap(({ x, y }) => [side - x, y])];
    expect(farthest(back, places(only((await find(sample)).faces)))).toBeLessThanOrEqual(tolerance);
  });

  test.each([
    [3, 180],
    [6, 270],
    [8, 90],
  ])('answers the same for a picture that EXIF orientation %i sets upright', async (orientation, degrees) => {
    const upright = sharp(sample).extract({ left: 0, top: 0, width: 512, height: 400 });
    const expected = await find(await upright.png().toBuffer());
    const lying = await sharp(await upright.png().toBuffer())
      .rotate(degrees)
      .withMetadata({ orientation })
      .png()
      .toBuffer();
    expect(await find(lying)).toEqual(expected);
  });

  test('finds nothing on a blank picture', async () => {
    expect(await find(blank)).toEqual({ width: 300, height: 200, faces: [], warnings: [] });
  });

  test('leaves out faces below the confidence asked for', async () => {
    expect((await find(sample, { minConfidence: 1 })).faces).toEqual([]);
    const many = (await find(sample, { minConfidence: 0.05 })).faces;
    expect(many.length).toBeGreaterThan(1);
    const confidences = many.map(({ confidence }) => confidence);
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
    expect(Math.min(...confidences)).toBeGreaterThanOrEqual(0.05);
  });

  test('returns no more faces than requested, the most confident', async () => {
    const many = (await find(sample, { minConfidence: 0 })).faces;
    expect(many).toHaveLength(50);
    expect((await find(sample, { minConfidence: 0, maxFaces: 2 })).faces).toEqual(many.slice(0, 2));
  });

  test('warns of a picture in which small faces are lost, and of pages that are not looked at', async () => {
    const long = (width: number) => sharp(sample).resize({ width, height: 100, fit: 'fill' });
    expect((await find(await long(401).png().toBuffer())).warnings).toMatchObject([{ code: 'scaledDown' }]);
    expect((await find(await long(400).png().toBuffer())).warnings).toEqual([]);
    const pages = await sharp([sample, blank], { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await find(pages)).warnings).toMatchObject([{ code: 'firstPage' }]);
  });
});

describe('the back variant', () => {
  let loaded: LoadedModel<typeof faces>;
  let find: FaceFinder;
  beforeAll(async () => {
    loaded = await loadFaces();
    find = finderOf(loaded);
  });

  test('finds both of two faces side by side', async () => {
    const { width, height, faces: found } = await find(await twice());
    expect([width, height, found.length]).toEqual([2 * side, side, 2]);
    const expected = places(only((await find(sample)).faces));
    const inTheirHalves = found
      .toSorted((a, b) => a.box.x - b.box.x)
      .map((face, half) => places(face).map((value, at) => (at % 2 === 0 ? value - half * side : value)));
    // Three pixels of the network's 256, into which 1024 were scaled.
    for (const half of inTheirHalves) expect(farthest(half, expected)).toBeLessThanOrEqual(12);
  });

  test('finds the same places in a picture four times as large', async () => {
    const large = await sharp(sample)
      .resize(4 * side)
      .png()
      .toBuffer();
    const { width, faces: found } = await find(large);
    expect(width).toBe(4 * side);
    const scaledDown = places(only(found)).map((value) => value / 4);
    expect(farthest(scaledDown, places(only((await find(sample)).faces)))).toBeLessThanOrEqual(3);
  });

  test('finds a face that the edge cuts off, with a box that reaches over it', async () => {
    const cut = await sharp(sample).extract({ left: 0, top: 95, width: 512, height: 400 }).png().toBuffer();
    expect(only((await find(cut)).faces).box.y).toBeLessThan(0);
  });

  test('has one result for each input of a batch, failures included, in their order', async () => {
    const inputs = [inputOf(sample), inputOf(Buffer.from('no image')), inputOf(blank)];
    const results = await loaded.run(inputs, { signal: AbortSignal.any([]) });
    expect(results).toMatchObject([{ width: 512 }, { code: 'BAD_INPUT' }, { faces: [] }]);
  });

  test('refuses images over the limit on pixels', async () => {
    const small = await loadFaces('back', { maxImagePixels: 100 });
    expect(await small.run([inputOf(sample)], { signal: AbortSignal.any([]) })).toMatchObject([{ code: 'TOO_LARGE' }]);
  });

  test('stops between two pictures once no client waits', async () => {
    const leaving = new CancelAtFirstRun();
    const cancelled = await loadFaces('back', { createSession: leaving.createSession });
    const run = cancelled.run([inputOf(sample), inputOf(sample)], { signal: leaving.signal });
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(leaving.runs).toBe(1);
  });

  test('is warmed up by a picture that it answers', async () => {
    const results = await loaded.run([await model.warmUp()], { signal: AbortSignal.any([]) });
    expect(results.some(isFailure)).toBe(false);
  });
});
