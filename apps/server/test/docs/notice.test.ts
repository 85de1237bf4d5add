import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** What the script says of a NOTICE, and how it exits. */
const check = (notice: string): readonly [code: number | null, problems: string[]] => {
  const { status, stderr } = spawnSync('node', [join(root, 'scripts', 'third-party.mjs'), '--notice', notice], {
    encoding: 'utf8',
  });
  return [status, stderr.trim().split('\n')];
};

it('NOTICE has every package, weights file, font, sample and native library, and no licence that may not be passed on', () => {
  expect(check(join(root, 'NOTICE'))).toEqual([0, ['']]);
});

it('a package, a weights file or a library that NOTICE does not have is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'notice-'));
  try {
    const path = join(folder, 'NOTICE');
    const whole = readFileSync(join(root, 'NOTICE'), 'utf8');
    const lines = whole.split('\n').filter((line) => !/selfie_segmentation_256\.onnx|^ {2}rsvg/.test(line));
    writeFileSync(path, lines.join('\n').replace('avvio, ', ''));
    const [code, problems] = check(path);
    expect(code).toBe(1);
    const expected = [
      'is not what is installed: avvio.',
      'no entry for models/segment/weights/selfie_segmentation_256.onnx',
    ];
    // Windows has no shared library of libvips.
    if (process.platform !== 'win32') expected.push('no entry for rsvg, which is in @img/sharp-libvips');
    expect(problems).toEqual(expected.map((words) => expect.stringContaining(words)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
