import { describe, expect, it } from 'vitest';
import { publicText } from './public-text.ts';

describe('probes show no folder', () => {
  it.each([
    [
      'Load model from /srv/models/net.onnx failed:Protobuf parsing failed.',
      'Load model from net.onnx failed:Protobuf parsing failed.',
    ],
    ['Load model from /srv/my models/a b.onnx failed:Invalid model.', 'Load model from a b.onnx failed:Invalid model.'],
    ["Cannot find package 'x' imported from /app/ocr/model.js", "Cannot find package 'x' imported from model.js"],
    ["Cannot find module '/app/my service/dist/model.js'", "Cannot find module 'model.js'"],
    ['imported from file:///srv/app/model.js', 'imported from model.js'],
    [String.raw`There is no room in C:\Users\me\cache: it needs 2 GB`, 'There is no room in cache: it needs 2 GB'],
    [
      String.raw`There is no room in C:\Users\Jane Doe\cache: it needs 2 GB`,
      'There is no room in cache: it needs 2 GB',
    ],
    ['There is no room in /var/lib/portico/cache: it needs 2 GB', 'There is no room in cache: it needs 2 GB'],
    [String.raw`D:\nets\a.onnx is not \\server\the share\a.onnx`, 'a.onnx is not a.onnx'],
    ['D:/nets/a.onnx is not file:///D:/other/b.onnx', 'a.onnx is not b.onnx'],
    ["ENOENT: no such file or directory, open '/srv/a.onnx'", "ENOENT: no such file or directory, open 'a.onnx'"],
    [String.raw`EPERM, open 'C:\Program Files\portico\a.onnx'`, "EPERM, open 'a.onnx'"],
    ["copyfile '/srv/a/x.onnx' -> '/srv/b c/y.onnx'", "copyfile 'x.onnx' -> 'y.onnx'"],
    ['failed:/srv/nets/a.bin is short (see ~/notes/a.txt)', 'failed:a.bin is short (see a.txt)'],
  ])('%s', (text, shown) => {
    expect(publicText(text)).toBe(shown);
  });
});

describe('what only looks like a folder stays', () => {
  it.each([
    'https://models.example.org/embed/a.onnx responds 404',
    '3 of 4 MB/s, on/off, and/or a / b',
    'on Hugging Face the address has "/resolve/" instead of "/blob/", on GitHub "/raw/"',
    'Node (/model/0/Conv) Op (Conv) [ShapeInferenceError] Incompatible dimensions',
    "running Conv node. Name:'/patch_embed/stages.0/fc1/Conv' Status",
    'The input "/encoder/conv/ids" is bfloat16, which Node cannot pass.',
    'media types image/png and image/jpeg',
  ])('%s', (text) => {
    expect(publicText(text)).toBe(text);
  });
});

const cudaCall =
  '/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:121 std::conditional_t<THRW, void, onnxruntime::common::Status> ' +
  'onnxruntime::CudaCall(ERRTYPE, const char*, const char*, ERRTYPE, const char*, const char*, int) ';

describe("probes show no place in ONNX Runtime's sources", () => {
  it.each([
    ['/onnxruntime_src/onnxruntime/core/graph/model.cc:181 Unsupported', 'Unsupported'],
    [`Exception: ${cudaCall}CUDA failure 2: out of memory`, 'Exception: CUDA failure 2: out of memory'],
    [
      'Load model from /srv/a.onnx failed:/onnxruntime_src/onnxruntime/core/graph/model.cc:181 ' +
        'onnxruntime::Model::Model(onnx::ModelProto&&, const onnxruntime::PathString&) Unsupported model IR version: 99',
      'Load model from a.onnx failed:Unsupported model IR version: 99',
    ],
    [
      String.raw`D:\a\_work\1\s\onnxruntime\core\providers\dml\BucketizedBufferAllocator.cpp(122): (caller: ` +
        '00007FFA8336D326) Exception(1) tid(4790) 8007000E Not enough memory',
      '(caller: 00007FFA8336D326) Exception(1) tid(4790) 8007000E Not enough memory',
    ],
    [
      'bfc_arena.cc:376 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Failed to allocate',
      'Failed to allocate',
    ],
    [
      'a.cc:7 auto onnxruntime::F(int, (anonymous)) const [with T = float; U = int] Status: no (kernel)',
      'Status: no (kernel)',
    ],
  ])('%s', (text, shown) => {
    expect(publicText(text)).toBe(shown);
  });
});
