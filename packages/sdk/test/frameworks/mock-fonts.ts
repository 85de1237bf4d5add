import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from '../packed/project.ts';

/** What a new project's two fonts are without Google's server, by the variable that Next.js has for its own tests. */
export async function mockFonts({ folder }: Project): Promise<NodeJS.ProcessEnv> {
  const module = join(folder, '..', 'fonts.cjs');
  const style = (family: string): string => `@font-face { font-family: '${family}'; src: local('${family}'); }`;
  const styles = Object.fromEntries(
    ['Geist', 'Geist Mono'].map((family) => [
      `https://fonts.googleapis.com/css2?family=${family.replace(' ', '+')}:wght@100..900&display=swap`,
      style(family),
    ]),
  );
  await writeFile(module, `module.exports = ${JSON.stringify(styles)};`);
  return { NEXT_FONT_GOOGLE_MOCKED_RESPONSES: module };
}
