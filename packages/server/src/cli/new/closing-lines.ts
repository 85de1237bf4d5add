import { type ModelToAdd, projectFolder, samplePath } from './model-to-add.ts';
import { shellWord } from './choices.ts';

export interface Outcome {
  readonly isNew: boolean;
  readonly formatted: boolean;
  readonly notes: readonly string[];
}

/** What the command says at its end: what there is, what was assumed, and what to do next. */
export function closingLines(model: ModelToAdd, { isNew, formatted, notes }: Outcome): string {
  const { names, preset, onnxName, target } = model;
  const sample = shellWord(samplePath(model));
  const folder = projectFolder(model);
  const steps = [
    ...(isNew ? [`cd ${shellWord(folder)}`] : []),
    ...(formatted ? [] : ['npm install && npm run format']),
    `npm run try -- ${names.task} ${sample}`,
    'npm start',
    ...(isNew
      ? [`npm run client -- ${sample}`]
      : target.schemas === undefined
        ? [`npx tsx ${names.task}/client.ts`]
        : []),
  ];
  return [
    `${isNew ? `The service ${folder}` : `The model ${names.task}`} is made of ${onnxName}: POST /${names.task}, preset ${preset}.`,
    ...notes.map((note) => `  ${note}`),
    'Next:',
    ...steps.map((step) => `  ${step}`),
    '',
  ].join('\n');
}
