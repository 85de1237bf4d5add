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
   units, not the network's raw tensor. Write \`contract.ts\`. → \`npm run lint\`
3. **Preprocessing.** Size and how it is reached (stretch, letterbox, centre cut), channel order (RGB, BGR), range (0–255, 0–1, −1–1, mean and deviation),
   layout (NCHW, NHWC); sample rate and window; tokenizer, special tokens, longest text. Each is one line in \`model.ts\`. Wrong ones give
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
    a wrong type 415, a wrong parameter 422, \`INFER_TIMEOUT_SECONDS=0.001\` gives 504. → \`curl -i\` each
11. **Licence** of the weights, in \`README.md\`.

## Mistakes, and what they look like

| you see | because | do |
| --- | --- | --- |
| \`/ready\`: … is not the file … the model expects an output "y", the file has "z" | the file and \`signature.ts\` differ | \`npx portico inspect FILE --signature > NAME/signature.ts\` |
| a compile error at \`session.run({ … })\` | a wrong tensor name or type | take it from \`signature.ts\` |
| Got invalid dimensions … | the values have another shape than the network takes | look at \`--tensors\`: rank, order of axes |
| 500 \`INTERNAL\`, and "the output does not fit the contract" in the log | NaN, a typed array, a missing field | \`npm run try\` says which field and why |
| … returned 1 outputs for 2 inputs | \`run\` has to return one for each | use \`runEach\` or \`runTogether\` |
| sha256 … differs | the weights file is another one | put its checksum into \`index.ts\`: \`sha256sum FILE\` |
| 404 for the route | the model is not in \`models.ts\` | one line there |
| has no default export | \`model.ts\` must \`export default defineModel(…)\` | |
| two copies of onnxruntime-node | a package brings its own | \`npm ls onnxruntime-node\`; remove it |
| scores that are all alike, or always the same class | wrong range, channel order or layout | step 3 |
| boxes that are shifted or too small | mapped back without \`boxOnOriginal\`, or another kind of letterbox | step 4 |
| Cannot find package 'tsx' | development packages are missing | \`npm install\` |`;
