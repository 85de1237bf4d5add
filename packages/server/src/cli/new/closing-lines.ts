import { join } from 'node:path';
import { type ModelToAdd, samplePath } from './model-to-add.ts';
import { pathBelow } from './target.ts';
import { shellWord } from './choices.ts';
import { oneLine } from './quote.ts';

export interface Outcome {
  /** The folder from which the command was run. */
  readonly from: string;
  readonly isNew: boolean;
  readonly installed: boolean;
  readonly formatted: boolean;
  readonly notes: readonly string[];
}

/** What the command says at its end: what there is, what was assumed, and what to do next. */
export function closingLines(model: ModelToAdd, { from, isNew, installed, formatted, notes }: Outcome): string {
  const { names, preset, onnxName, target } = model;
  const folder = pathBelow(from, target.packageFolder);
  const sample = shellWord(samplePath(model));
  const ofProject = [
    `cd ${shellWord(folder)}`,
    ...(installed ? [] : ['npm install']),
    ...(formatted ? [] : ['npm run format']),
    `npm run try -- ${names.task} ${sample}`,
    'npm start',
    `npm run client -- ${sample}`,
  ];
  const ofModel = [
    `npx portico try ${names.task} ${sample}`,
    `npx tsx ${shellWord(pathBelow(target.packageFolder, join(target.modelFolder, 'client.ts')))}`,
  ];
  const ofRepository = [
    `npm run portico -- try ${names.task} ${shellWord(pathBelow(from, join(target.packageFolder, samplePath(model))))}`,
    'npm run dev',
  ];
  const steps = isNew ? ofProject : target.schemas === undefined ? ofModel : ofRepository;
  return [
    `${isNew ? `The service ${folder}` : `The model ${names.task}`} is made of ${oneLine(onnxName)}: POST /${names.task}, preset ${preset}.`,
    ...notes.map((note) => `  ${oneLine(note)}`),
    'Next:',
    ...steps.map((step) => `  ${step}`),
    '',
  ].join('\n');
}
