/** The part of CLAUDE.md that says what contracts and models are made of: every import, a line each. */
export const reference = `## The contract language (\`@portico/schemas\`, and Zod 4)

\`defineTask({ name, summary, accepts, params, output, item?, produces?, warnings? })\`. The doc comment above it and each \`.describe('…')\` reach the
client's editor and \`/docs\`.

| \`accepts\` | a model gets | a client sends |
| --- | --- | --- |
| \`image()\` | \`{ file: { data, mediaType }, params }\`, the encoded JPEG, PNG, WebP, TIFF, GIF or AVIF | \`-F file=@x.png\`, the raw body, or base64 in JSON |
| \`audio()\` | the same, the encoded WAV, MP3, FLAC or Ogg | the same |
| \`file({ mediaTypes: ['video/mp4', 'video/*'] })\` | the same; without an argument any bytes | the same |
| \`form({ left: image(), right: image() })\` | \`{ files: { left, right }, params }\`, each a file as above | \`-F left=@a.png -F right=@b.png\` |
| \`json(schema)\` | \`{ input, params }\`, \`input\` as the schema returns it | \`{"input": …, "params": {…}}\` |

Beside files, a parameter is a field of the form by its own name: \`-F size=32\`. In JSON a file is \`{"data": "base64", "mediaType": "image/png"}\`. Many inputs
go to \`/TASK/batch\`: \`{"inputs": […], "params": {…}}\`, or a form whose files repeat. An empty file is refused (400) before a model sees it.
The typed client is \`createPortico({ url, tasks: { TASK: taskTask } })\` of \`@portico/sdk\`, as in \`client.ts\`, and a task is \`portico.TASK(input, params)\`, where
\`input\` is a \`Blob\`, bytes, the path of a file, \`{ left, right }\` for a form, or what \`json\` takes; \`.batch([…])\`, \`.stream(input, params)\` of a task with an
\`item\`, and \`.blob(input, params)\` of a task that \`produces\` bytes.

- \`params: z.object({ … })\`: every parameter has a default or is optional; unknown ones are refused with 422. None is called \`file\` or like a part.
- \`output: z.object({ … }).meta({ id: 'NameResult' })\`: structured, with units and ranges in \`.describe()\`. Never a bare array.
- \`list(element, { min, max })\` in place of \`z.array(element)\` for lists that clients send: their length is checked before their elements.
- \`tensorInput(type, shape)\`, \`tensorOutput(type)\`: tensors in JSON, \`{ "shape": [1, 4], "data": […] }\`.
- \`Box\` (\`{ x, y, width, height }\`) and \`Point\` (\`{ x, y }\`), in pixels of the upright original.
- \`produces: png('image')\` or \`bytes('speech', 'audio/wav')\`: that field of the output is a data URL (schema: \`PngDataUrl\`, \`dataUrl('audio/wav')\`; made by
  \`toDataUrl(data, 'audio/wav')\`), and \`Accept: audio/wav\` returns its bytes alone.
- \`item: schema\`: the task also streams; the model calls \`emit(item)\` of an input as soon as an item is final, in an order that depends on nothing but the input.
- \`warnings: { truncated: 'The end of the text was left out.' }\`: what a model could not see or do although it has an output, by codes. The model returns
  \`{ …, warnings: [{ code: 'truncated' }] }\`, with a \`message\` of its own if it knows more, or leaves \`warnings\` out; clients always get the list. Only for what an
  input brings about: what always holds is documentation.
- \`Failure(code, message)\`: what a client can mend, such as \`new Failure('BAD_INPUT', 'The picture shows no page. Send one.')\`; \`isFailure(value)\`.
- Types: \`Output<typeof task>\`, \`Params<typeof task>\`, \`ParamsInput<typeof task>\`, \`Input<typeof task>\`, \`Item<typeof task>\`.

## What \`index.ts\` may say (\`@portico/server\`)

\`registerModel({ task, implementation, variants, … })\`. Weights: \`localFile(path, sha256)\` relative to the package, \`npmFile(package, path, sha256)\`,
\`download(url, sha256)\` into \`MODEL_CACHE_DIR\` at the first start, \`configuredFile('VARIABLE', path)\` below a folder or URL in the environment.
Settings: \`memoryMegabytes\` (at the peak, after large inputs), \`maxBatchSize\` (1; a number, or \`'measured'\`: only where the tensors have a batch axis and
\`run\` uses it), \`maxBatchBytes\`, \`timeoutSeconds\` (60), \`maxQueue\`, \`replicas\`, \`example\`.
Labels, vocabularies and settings beside the network are weights too, by names of their own. A task without a file has \`variants: { default: { weights: {} } }\`.

Several networks of one model, such as features and then a classifier, and other files, such as an alphabet: each is a line in \`weights\`, with its checksum
(\`sha256sum FILE\`). A network has a signature of its own (\`npx portico inspect FILE --signature > NAME/features-signature.ts\`) and a \`createSession\` in
\`load\`; \`readFile(weightPath(weights, 'alphabet'), 'utf8')\` in \`load\` reads another file.

## What \`model.ts\` may import

\`@portico/media\` is a package of its own: \`npm install @portico/media\` if \`package.json\` does not list it.

Of \`@portico/server/model\`:

| import | |
| --- | --- |
| \`defineModel(task, { load, run, warmUp })\` | the default export |
| \`weightPath(weights, name)\` | absolute path of a weights file, for \`createSession\` or to read it |
| \`Tensor\` | \`new Tensor('float32', values, [1, 3, 224, 224])\`; int64 takes \`BigInt64Array\`, bool \`Uint8Array\`, string an array |
| \`runEach(inputs, signal, one)\` | the body of \`run\` for a network that takes one input at a time: cancels, and keeps failures apart |
| \`runTogether(inputs, { signal, prepare, run, finish })\` | the same for a network with a batch axis: \`prepare(input)\` makes a row, \`run(rows)\` returns a result for each row by one \`session.run\`, \`finish(result, input, row)\` makes the output |
| \`joinRows(rows)\`, \`rowsOfTensor(tensor)\` | rows into one tensor's values, and back |
| \`runByLength(rows, options)\`, \`padTokens(rows)\`, \`packRows\`, \`tokenRunCost(device)\` | rows of different lengths, such as tokens, in runs that cost least |
| \`softmax(logits)\`, \`sigmoid(logit)\` | probabilities |
| \`highestScores(scores, count)\` | the best classes: \`[{ index, score }]\` |
| \`meanOfTokens\`, \`firstTokens\`, \`embeddingOf(vector, normalize)\` | pooling of token states, and the vector as numbers |
| \`tensorFromJson(type, tensor)\`, \`tensorToJson(tensor)\` | tensors of \`tensorInput\` and \`tensorOutput\` |
| \`toDataUrl(data, mediaType)\` | bytes for a field that the task \`produces\` |
| \`failureOfInput(error)\` | in a loop of your own: \`.catch(failureOfInput)\` makes a \`Failure\` the result of its input |
| \`refuseIfCancelled(signal)\` | between two runs: throws once no client waits |

Of \`@portico/media/image\`:

| import | |
| --- | --- |
| \`decodeImage(data, { maxPixels: maxImagePixels })\` | any picture to 8-bit sRGB, upright; throws a \`Failure\` for what is none. \`.original\` is the size before reduction |
| \`hasMorePages(data)\` | whether the file has more frames or pages than the one that is decoded, to warn of: \`warnings: firstPageWarning\` of \`@portico/schemas\` in the contract |
| \`decodeOriginal(data, options)\` | the same with all pixels, and the transparency apart |
| \`letterbox(image, { width, height, padColour?, fit?, position?, kernel? })\` | fits a picture into the middle of a canvas, \`.image\` of the result; \`position: 'top-left'\` into its corner, \`fit: 'fill'\` stretches |
| \`boxOnOriginal(letterbox, box)\`, \`pointOnOriginal(letterbox, point)\` | places on the canvas that \`letterbox\` returned, back to the original |
| \`coverImage(image, { width, height, share? })\` | short side resized, centre cut: torchvision's \`Resize(256)\`, \`CenterCrop(224)\` is \`share: 224 / 256\` |
| \`resizeImage(image, { width, height, kernel })\`, \`resizeRegion\`, \`cropImage\` | stretch, and cut; \`kernel\` is \`linear\` or \`cubic\` as Pillow has them, or \`open-cv\` for \`cv2.resize\` |
| \`channelPlanes(image, normalisation)\` | float32 for NCHW (PyTorch) |
| \`interleavedValues(image, normalisation)\` | float32 for NHWC (TensorFlow, Keras) |
| \`greyPlane(image, normalisation)\` | float32, one channel |
| \`byteValues\`, \`zeroToOne\`, \`minusOneToOne\`, \`imageNet\` | normalisations; or \`{ mean, deviation, channelOrder: 'bgr' }\`, of values scaled to 0…1 |
| \`readYolo(output, { minScore, form, canvas })\` | YOLO rows as boxes: \`form\` is \`classes\` (v8, v9, v11), \`objectness\` (v5, v7) or \`yolox\` |
| \`readEndToEnd(output, options)\`, \`readBoxes(outputs, options)\` | detectors with suppression in the graph; one output each for boxes, scores, classes (SSD, torchvision) |
| \`readScoredBoxes(outputs, options)\` | a score for each class of each box, as DETR has them |
| \`suppressByClass(boxes, { maxOverlap, maxCount })\` | non-maximum suppression a class |
| \`suppressOverlaps(boxes, scores, maxOverlap)\`, \`blendOverlaps\`, \`intersectionOverUnion\` | the same without classes; weighted, as BlazeFace does it |
| \`sharp\` | sharp, set up for untrusted files: to draw, to encode an output as PNG, and for what is missing here, such as Pillow's LANCZOS: \`sharp(data, { raw: { width, height, channels: 3 } }).resize({ …, fit: 'fill', kernel: 'lanczos3' }).raw().toBuffer()\` |

Of \`@portico/media/audio\`:

| import | |
| --- | --- |
| \`monoAudio(file, sampleRate, { maxSeconds: maxRecordingSeconds, signal, onDamage })\` | a recording as mono float32 pieces, −1 to 1, resampled; never held whole. \`onDamage\` is called where pieces are left out |
| \`audioWindows(pieces, { length, hop? })\` | pieces cut into windows of one length |
| \`decodeAudio(file, …)\`, \`mixDown(channels)\`, \`Resampler\` | channels apart, at the file's rate |
| \`silence(sampleRate, seconds?)\` | a WAV without sound, for \`warmUp\` |

Of \`@portico/media/text\`: \`loadTokenizer(path)\` reads a \`tokenizer.json\` (WordPiece, BPE, Unigram); \`.tokenize(text).ids\` are the tokens of a text.

Of \`@portico/server/testing\`, for tests: \`loadModel({ model, registered })\`, \`createSession\`, \`installedWeights\`, \`sessionsThatRun\`, \`CancelAtFirstRun\`.

Never import onnxruntime-node or sharp themselves: a second copy of onnxruntime-node aborts the process. A model reads no environment
variable but those in \`ENGINE_ENV\`, opens no connection, and writes nothing but to \`MODEL_CACHE_DIR\`.

## The rules of \`load\`, \`run\` and \`warmUp\`

1. \`load\` is async and does the heavy work once, before the model is ready: sessions, tokenizers, label files. What it returns is \`loaded\` in \`run\`.
   It gets \`weights\`, \`createSession\`, \`device\`, \`variant\`, \`maxImagePixels\`, \`maxRecordingSeconds\`, and picks no device itself.
2. \`createSession(path, signature)\` refuses a file that lacks a tensor of \`signature.ts\`, or has it with another type or rank. The names and types in
   \`session.run({ … })\` are checked by the compiler. Never edit \`signature.ts\`: \`npx portico inspect FILE --signature > NAME/signature.ts\` writes it.
3. \`run\` takes a batch and returns one output or \`Failure\` for each input, in the same order. What a client can mend is a \`Failure\`; anything else that
   is thrown is a defect: 500, and the message stays in the log.
4. \`session.run\` blocks the engine and lets the event loop turn afterwards. Between runs call \`refuseIfCancelled(signal)\`; \`runEach\` and \`runTogether\` do.
5. \`warmUp\` returns an input that exercises every session, as \`run\` gets it, parameters complete.
6. The output is checked against the contract: no NaN, no infinity, no \`undefined\`, no typed arrays (\`[...values]\`), integers where it says so.
7. Same input, same output. Nothing is kept between inputs but what \`load\` made.`;
