import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { resolveWeights } from './resolve-weights.ts';
import { localFile, npmFile } from './weights-file.ts';

const installed = createRequire(import.meta.url).resolve('zod/package.json');
const sha256 = createHash('sha256').update(readFileSync(installed)).digest('hex');

it('an installed file with the right bytes is found', async () => {
  const { net = '' } = await resolveWeights({ net: npmFile('zod', 'package.json', sha256) });
  expect(readFileSync(net)).toEqual(readFileSync(installed));
});

it('a file that is not there is named', async () => {
  await expect(resolveWeights({ net: npmFile('zod', 'weights.onnx', sha256) })).rejects.toThrow(
    'Weights zod/weights.onnx are not installed.',
  );
  await expect(resolveWeights({ net: npmFile('portico-no-such-package', 'net.onnx', sha256) })).rejects.toThrow(
    'Weights portico-no-such-package/net.onnx are not installed.',
  );
});

it('other bytes than expected are told with both checksums', async () => {
  const expected = '0'.repeat(64);
  await expect(
    resolveWeights({ right: npmFile('zod', 'package.json', sha256), net: npmFile('zod', 'package.json', expected) }),
  ).rejects.toThrow(`Weights net (zod/package.json) have sha256 ${sha256}, expected ${expected}.`);
});

it('a file of the project is found from the package', async () => {
  const folder = new URL('../../../', import.meta.url);
  const packageSha256 = createHash('sha256')
    .update(readFileSync(new URL('package.json', folder)))
    .digest('hex');
  expect(await resolveWeights({ net: localFile('package.json', packageSha256) })).toEqual({
    net: fileURLToPath(new URL('package.json', folder)),
  });
  await expect(resolveWeights({ net: localFile('weights/none.onnx', packageSha256) })).rejects.toThrow(
    'Weights weights/none.onnx are missing.',
  );
});
