import { expect, it } from 'vitest';
import { foundWeights } from './found-weights.ts';
import { configuredFile, download, npmFile } from './weights-file.ts';

it('what the settings name is found; what only the environment names is not', () => {
  const named = { net: npmFile('p', 'net.onnx', '0'), words: download('https://example.org/words.txt', '0') };
  expect(foundWeights(named)).toEqual(named);
  expect(() => foundWeights({ ...named, more: configuredFile('MORE', 'more.bin') })).toThrow(
    'Only MORE says where the weights more are.',
  );
});
