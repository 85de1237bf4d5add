/** Formats that are taken for ONNX files, by how they begin. */

interface OtherFormat {
  readonly matches: (head: Buffer, text: string) => boolean;
  /** Goes behind the name of the file: what it is. What to do. */
  readonly says: (head: Buffer, text: string) => string;
}

const startsWith =
  (...bytes: readonly number[]): OtherFormat['matches'] =>
  (head) =>
    bytes.every((byte, index) => head[index] === byte);

const hasAt =
  (position: number, word: string): OtherFormat['matches'] =>
  (head) =>
    head.toString('latin1', position, position + word.length) === word;

const textMatches =
  (pattern: RegExp): OtherFormat['matches'] =>
  (_, text) =>
    pattern.test(text);

const formats: readonly OtherFormat[] = [
  {
    matches: textMatches(/^version https:\/\/git-lfs\./),
    says: (_, text) =>
      `is a Git LFS pointer, not the file itself${sizeInPointer(text)}. Run "git lfs pull" in its repository, or download the file.`,
  },
  {
    matches: textMatches(/^\s*<(!doctype html|html|head|body|script)\b/i),
    says: () =>
      'is a web page, not an ONNX file: what was downloaded is a page about the file, or one that says no. Download the ' +
      'file itself: on Hugging Face the address has "/resolve/" instead of "/blob/", on GitHub "/raw/".',
  },
  {
    matches: textMatches(/^\s*<(\?xml|[A-Za-z])/),
    says: () =>
      'is XML, not an ONNX file: an error of a storage service, or a network of OpenVINO. Download the ONNX file.',
  },
  {
    matches: textMatches(/^\s*\{\s*"/),
    says: () => 'is JSON, not an ONNX file. Download the ONNX file itself.',
  },
  {
    matches: hasAt(4, 'ORTM'),
    says: () =>
      'is in the format of ONNX Runtime (.ort), which fits some versions and machines only. Use the ONNX file that it was made from.',
  },
  {
    matches: hasAt(4, 'TFL3'),
    says: () => 'is a TensorFlow Lite model. Convert it: python -m tf2onnx.convert --tflite FILE --output model.onnx.',
  },
  {
    matches: startsWith(0x89, 0x48, 0x44, 0x46),
    says: () =>
      'is a Keras model in HDF5. Load it with Keras and export it: model.export("model.onnx", format="onnx").',
  },
  {
    matches: (head, text) =>
      startsWith(0x50, 0x4b, 3, 4)(head, text) && /data\.pkl|\/version|constants\.pkl/.test(text),
    says: () =>
      'is a PyTorch checkpoint. Load it with PyTorch and export it: torch.onnx.export(model, example, "model.onnx").',
  },
  {
    matches: startsWith(0x50, 0x4b, 3, 4),
    says: () =>
      'is a zip archive. Unpack it and use the ONNX file in it; a .keras file: model.export("model.onnx", format="onnx").',
  },
  {
    matches: (head) => head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5,
    says: () =>
      'is a Python pickle. Load it and export it: skl2onnx.to_onnx for scikit-learn, torch.onnx.export for PyTorch.',
  },
  {
    matches: hasAt(8, '{"'),
    says: () =>
      'is in the safetensors format, which holds weights without a graph. Load it with its library and export it as ONNX.',
  },
  {
    matches: hasAt(0, 'GGUF'),
    says: () => 'is in the GGUF format of llama.cpp. ONNX Runtime needs an export as ONNX.',
  },
  { matches: startsWith(0x1f, 0x8b), says: () => 'is compressed with gzip. Unpack it.' },
];

/** What a file is that is known not to be ONNX, as the end of a sentence about it. */
export function otherFormat(head: Buffer, size: number): string | undefined {
  if (size === 0) return 'is empty. Get the file again.';
  const text = head.toString('latin1');
  return formats.find(({ matches }) => matches(head, text))?.says(head, text);
}

function sizeInPointer(pointer: string): string {
  const size = /^size (\d+)$/m.exec(pointer)?.[1];
  return size === undefined ? '' : ` (of ${size} bytes)`;
}
