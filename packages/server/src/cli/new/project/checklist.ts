/** What the checklist names. */
export interface ChecklistNames {
  readonly task: string;
  /** Paths, as seen from the project. */
  readonly weights: string;
  readonly sample: string;
}

/** The part of CLAUDE.md that leads from a model's documentation to a wrapper, and from what one sees to its cause. */
export const checklist = ({
  task,
  weights,
  sample,
}: ChecklistNames): string => `## From the model's documentation to a right wrapper

Each step ends with the command that shows it done.

1. **What goes in and comes out of the network?** \`npx portico inspect ${weights}\` lists tensors with types, static and free axes, operators,
   metadata, and whether rows can be batched. Compare with the documentation's own example: what is \`model.predict(x)\` there, what is \`x\`?
2. **What does a client send?** A picture, a recording, a text, numbers, several files: choose \`accepts\`. What does the client want back: fields with
   units, not the network's raw tensor. Write \`contract.ts\`. Where \`accepts\` changes, so do \`warmUp\`, \`example\`, the test,
   the sample, \`client.ts\` and the commands in \`README.md\`. → \`npm run lint\`
3. **Preprocessing.** Size and how it is reached (stretch, letterbox, centre cut), channel order (RGB, BGR), range (0–255, 0–1, −1–1, mean and deviation),
   layout (NCHW, NHWC); sample rate, window, and range of the samples (−1 to 1, or of 16 bits: times 32,768); tokenizer, special tokens, longest
   text. \`cv2.imread\` gives BGR: count the swaps that follow, \`swapRB\` among them. Each is one line in \`model.ts\`. Wrong ones give
   plausible nonsense, not errors. → \`npm run try -- ${task} ${sample} --tensors\` shows minimum, maximum and first values of every tensor
4. **Postprocessing.** Logits or probabilities (look at the last operator)? Softmax over classes that exclude each other, sigmoid over those that do
   not. Boxes: corners or centre, pixels or shares, suppression in the graph or not. → the same command
5. **Parity.** Run the documentation's Python example on the same file; the outputs differ by less than about 0.01 where only resizing differs, and by
   less than 1e-4 where tensors are the same. Put the sample and what Python said into \`model.test.ts\`. → \`npm test\`
6. **Edges.** An empty picture, a huge one, another kind of content, the longest text, silence: an output that says so, or a \`Failure\`. Never an
   invented result. → \`npm test\`, and \`curl\` with the files
7. **Memory and batches.** \`npm run try\` prints the engine's memory: set \`memoryMegabytes\`. Has the graph a batch axis, use \`runTogether\` and
   \`maxBatchSize: 'measured'\`. → \`maxBatch\` in \`curl localhost:8000/models\`
8. **Devices.** Nothing to do: the server chooses CUDA, CoreML, DirectML or the CPU, and compares with the CPU. → \`curl localhost:8000/ready\`
9. **System libraries.** None for pictures, recordings and texts. What another package needs goes into the \`Dockerfile\`. → \`docker build .\`
10. **The promises hold.** With \`npm start\`: \`/health\` is 200 at once, \`/ready\` 503 while the model loads and then 200, a file over \`MAX_UPLOAD_MB\` is 413,
    a wrong type 415, a wrong parameter 422, the header \`x-timeout-seconds: 0.001\` gives 504. → \`curl -i\` each
11. **Licence** of the weights, in \`README.md\`.

## Mistakes, and what they look like

What stops a model is one sentence in the log and in \`/ready\`, or at the end of \`npm run try\`, where \`-o FILE\` takes the bytes of an output.

| you see | because | do |
| --- | --- | --- |
| is not the file this model was written for: the model expects an output "y", the file has "z" | the file and \`signature.ts\` differ | \`npx portico inspect FILE --signature > NAME/signature.ts\` |
| a compile error at \`session.run({ … })\` | a wrong tensor name or type | take it from \`signature.ts\` |
| The file takes input "x" as float32[batch,3,224,224], and the model feeds … | rank or order of axes | other \`dims\` in \`new Tensor(type, values, dims)\`, and the values in that order |
| session.run was given something else than a Tensor as "x" | bare values | \`new Tensor('float32', values, dims)\` |
| The output does not match the contract: output.score: … | NaN, a typed array, a missing field | change what \`run\` returns, or the contract |
| run() returned 1 result for 2 inputs | \`run\` has to return one for each | use \`runEach\` or \`runTogether\` |
| warmUp() returns no input of the task | it returns something else than \`run\` gets | \`{ file: { data, mediaType }, params: { … } }\`, or \`{ input, params }\` |
| \`loaded\` is of type unknown; a type is missing properties of \`Promise<unknown>\` | \`load\` is not async, or \`warmUp\` returns something else than \`run\` gets | mend that first: the other errors follow from it |
| 0 results for 1 rows | \`run\` of \`runTogether\` has to return one for each row | \`rowsOfTensor(output)\` |
| Weights network (…) have sha256 …, expected … | the file is another one | get it again, or put its checksum into \`index.ts\` |
| There is no model "…", or 404 for its route | it is not in \`models.ts\` | one line there |
| has no model: it needs "export default defineModel(…)" | \`model.ts\` exports it under a name, or not at all | \`export default\` |
| imports "…", which is not installed | a missing package | \`npm install\` it |
| two copies of onnxruntime-node | a package brings its own | \`npm ls onnxruntime-node\`; remove it |
| scores that are all alike, or always the same class | range, channel order or layout | step 3 |
| boxes that are shifted or too small | mapped back without \`boxOnOriginal\`, or another kind of letterbox | step 4 |
| The service … is TypeScript, … and it has no tsx | development packages are missing | \`npm install\` |`;
