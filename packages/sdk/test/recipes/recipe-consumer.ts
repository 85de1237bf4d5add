import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installConsumer } from '../packed/consumer.ts';
import type { Project } from '../packed/project.ts';
import { samples } from '../packed/samples.ts';
import { recipesFolder } from './pages.ts';

/** The inputs that the README names. */
const inputs = {
  'page.jpg': 'page.jpg',
  'photo.png': 'astronaut.png',
  'portrait.png': 'astronaut.png',
  'speech.flac': 'speech.flac',
};

/** Installs both published packages in an empty folder, next to a recipe's, with its programs and the README's inputs. */
export async function installRecipes(
  dependencies: Readonly<Record<string, string>>,
  programs = recipesFolder,
): Promise<Project> {
  const consumer = await installConsumer(dependencies, { programs, packages: ['sdk', 'schemas'] });
  for (const [name, sample] of Object.entries(inputs)) {
    await copyFile(join(samples, sample), join(consumer.folder, name));
  }
  await writeFile(join(consumer.folder, 'notes.txt'), 'This is no picture.');
  return consumer;
}
