import { join } from 'node:path';
import type { Report } from '../../report.ts';
import { repositoryRoot, type Settings } from '../../settings.ts';
import { startPortico } from './portico-reader.ts';
import { pythonEnvironment } from '../python-environment.ts';
import { programFolder, startRapidOcr } from './rapidocr-reader.ts';
import type { Reader, Reading, Timed } from './reading.ts';
import { accuracyReport, sizeReport, stagesReport, throughputReport, worseImages } from './reports.ts';
import { byCategory, findImages, scoreReadings } from './scores.ts';

const defaultFolder = join(repositoryRoot, 'evaluation', 'ocr', 'set');

/** Portico and RapidOCR with the same weights on the same images, RapidOCR at its own detection size and at Portico's. */
export async function rapidocr({ quick, modelFolder, args }: Settings): Promise<readonly Report[]> {
  const images = (args.length === 0 ? [defaultFolder] : args).flatMap(findImages);
  if (images.length === 0) throw new Error('There are no images in these folders.');
  const environment = await pythonEnvironment(join(programFolder, 'requirements.txt'));
  if ('missing' in environment)
    return [{ title: 'RapidOCR was skipped', header: ['why'], rows: [[environment.missing]] }];
  const { python } = environment;
  const paths = images.map(({ path }) => path);

  await using portico = await startPortico('Portico', paths, modelFolder);
  const { readings } = await portico.read();
  const sized = readings.map(({ file, detectionSize }) => ({ path: file, size: detectionSize }));
  await using own = await startRapidOcr({ name: 'RapidOCR', python, files: paths.map((path) => ({ path })) });
  await using same = await startRapidOcr({ name: 'RapidOCR at the same size', python, files: sized });
  const timed = await takeTurns([portico, own, same], quick ? 2 : 5);

  const readers = timed.map(({ name }) => name);
  const readingsOf = (image: number): Reading[][] =>
    timed.map(({ rounds }) => rounds.map((round) => round.readings[image]!));
  const scored = images.map((image, index) => ({
    name: image.name,
    scores: readingsOf(index).map((readings) => scoreReadings(image, readings as [Reading, ...Reading[]])),
  }));
  const first = images.map(({ name }, index) => [name, readingsOf(index).map(([reading]) => reading!)] as const);
  const versions = Object.entries(own.versions).map(([name, version]) => `${name} ${version}`);
  return [
    { ...accuracyReport('Portico and RapidOCR by image', readers, scored), notes: worseImages(readers, scored) },
    { ...accuracyReport('Means by category', readers, byCategory(scored)), notes: errorNotes(readers, first) },
    sizeReport(readers, first),
    { ...stagesReport(timed[1]!), notes: [`With ${versions.join(', ')}.`] },
    throughputReport(timed as [Timed, ...Timed[]]),
  ];
}

/** Reads in turns, so that a busy machine slows all readers; the first round of each warms it up and is not counted. */
async function takeTurns(readers: readonly Reader[], rounds: number): Promise<Timed[]> {
  for (const reader of readers) await reader.read();
  const timed = readers.map(({ name }) => ({ name, rounds: [] as Timed['rounds'][number][] }));
  for (let round = 0; round < rounds; round += 1)
    for (const [index, reader] of readers.entries()) timed[index]!.rounds.push(await reader.read());
  return timed;
}

function errorNotes(readers: readonly string[], images: readonly (readonly [string, readonly Reading[]])[]): string[] {
  return images.flatMap(([name, readings]) =>
    readings.flatMap(({ error }, reader) =>
      error === undefined ? [] : [`${readers[reader]} could not read ${name}: ${error}`],
    ),
  );
}
