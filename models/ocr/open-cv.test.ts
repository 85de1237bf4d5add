import { expect, test, vi } from 'vitest';

const listeners = () => ({
  exceptions: process.rawListeners('uncaughtException'),
  rejections: process.rawListeners('unhandledRejection'),
});

test('loading it leaves the listeners of the process as they were', async () => {
  const listener = (): void => {};
  process.on('uncaughtException', listener);
  const before = listeners();
  await import('./open-cv.ts');
  expect(listeners()).toEqual(before);
  process.off('uncaughtException', listener);
});

test('it works as soon as it is loaded', async () => {
  const { openCv, OpenCvScope } = await import('./open-cv.ts');
  using scope = new OpenCvScope();
  const matrix = scope.own(openCv.Mat.ones(3, 5, openCv.CV_8UC1));
  expect(openCv.countNonZero(matrix)).toBe(15);
});

test('a scope deletes what it owns when it ends', async () => {
  const { openCv, OpenCvScope } = await import('./open-cv.ts');
  const kept = { delete: vi.fn<() => void>() };
  let matrix;
  {
    using scope = new OpenCvScope();
    matrix = scope.own(new openCv.Mat(2, 2, openCv.CV_8UC1));
    expect(scope.own(kept)).toBe(kept);
    expect([matrix.isDeleted(), kept.delete.mock.calls.length]).toEqual([false, 0]);
  }
  expect([matrix.isDeleted(), kept.delete.mock.calls.length]).toEqual([true, 1]);
});

test('a scope deletes what it owns when the code in it throws', async () => {
  const { OpenCvScope } = await import('./open-cv.ts');
  const owned = { delete: vi.fn<() => void>() };
  const fail = (): void => {
    using scope = new OpenCvScope();
    scope.own(owned);
    throw new RangeError('It went wrong.');
  };
  expect(fail).toThrow('It went wrong.');
  expect(owned.delete).toHaveBeenCalledOnce();
});

test('what it throws becomes an error with its words, and other errors stay as they are', async () => {
  const { openCv, openCvError, OpenCvScope } = await import('./open-cv.ts');
  using scope = new OpenCvScope();
  const [wide, seen] = [scope.own(openCv.Mat.ones(1, 40_000, openCv.CV_8UC1)), scope.own(new openCv.Mat())];
  const turn = scope.own(openCv.Mat.eye(3, 3, openCv.CV_64FC1));
  let thrown: unknown;
  try {
    openCv.warpPerspective(wide, seen, turn, new openCv.Size(40_000, 1));
  } catch (error) {
    thrown = error;
  }
  expect(openCvError(thrown)).toBeInstanceOf(Error);
  expect(String(openCvError(thrown))).toContain('OpenCV: ');
  const other = new RangeError('other');
  expect(openCvError(other)).toBe(other);
});
