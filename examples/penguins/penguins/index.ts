import { localFile, registerModel } from '@portico/server';
import { penguinsTask } from './contract.ts';

/** What the HTTP process knows of the model: data, and where the code is. It never imports model.ts. */
export const penguinsModel = registerModel({
  task: penguinsTask,
  implementation: new URL('./model.js', import.meta.url),
  // Sets of weights by name; MODEL_NAME=penguins:NAME chooses one. Engines verify the checksum before they load a file.
  variants: {
    default: {
      weights: {
        network: localFile(
          'penguins/weights/penguins.onnx',
          '79caa158506cc86ecd5c770e5ea9211ed8b224aebd76db9898d1f0f25c6e8769',
        ),
      },
    },
  },
  // Memory of an engine after large inputs, at its peak; "portico try" prints it. Models share the machine by it.
  memoryMegabytes: 300,
});
