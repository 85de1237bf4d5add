import { join } from 'node:path';
import { describe } from 'vitest';
import { startProgram } from '../recipes/running-program.ts';
import { generateProject, replaceIn, runIn } from './generated-project.ts';
import { generators } from './generators.ts';
import { formOf, linesOfJson, testReadingServer } from './reading-server.ts';

describe('a new server of NestJS with the files of the page', () => {
  testReadingServer({
    async make() {
      const project = await generateProject(generators.nestjs, { recipes: ['nestjs'] });
      const root = join(project.folder, 'src/app.module.ts');
      await replaceIn(root, 'imports: []', 'imports: [ReadingModule]');
      await replaceIn(root, 'import', `import { ReadingModule } from './reading/reading.module.js';\nimport`);
      // A server that is given no port says which it has.
      const bootstrap = join(project.folder, 'src/main.ts');
      await replaceIn(bootstrap, '3000);', '3000);\n  console.log(await app.getUrl());');
      await runIn(project, 'npm', ['run', 'build']);
      // Nest's own testing module, with the client replaced.
      await runIn(project, 'npm', ['test']);
      return project;
    },
    start: ({ folder }, environment) =>
      startProgram(['dist/main.js'], { folder, environment, port: /http:\/\/\S+?:(\d+)$/m }),
    bodyOf: formOf,
    segmentsOf: linesOfJson,
    endOfFailedStream: /^The connection was closed\.$/,
  });
});
