import { localFile, registerModel } from '@portico/server';
import { digitsTask } from './contract.ts';

/** What the HTTP process knows of the model: data, and where the code is. It never imports model.ts. */
export const digitsModel = registerModel({
  task: digitsTask,
  implementation: new URL('./model.js', import.meta.url),
  // Sets of weights by name; MODEL_NAME=digits:NAME chooses one. Engines verify the checksum before they load a file.
  variants: {
    default: {
      weights: {
        network: localFile(
          'digits/weights/digits.onnx',
          '3e7f3acdce040b030852e433e9c56f94e040de4ba22a96386c6ce36c5ddc44ca',
        ),
      },
    },
  },
  // Memory of an engine after large inputs, at its peak; "portico try" prints it. Models share the machine by it.
  memoryMegabytes: 300,
  // Inputs in one run.
  maxBatchSize: 'measured',
  example: { file: 'digits/sample.png' },
});
