import { join } from 'node:path';
import { describe } from 'vitest';
import { startProgram } from '../recipes/running-program.ts';
import { generateProject, replaceIn, runIn } from './generated-project.ts';
import { generators } from './generators.ts';
import { linesOfJson, testReadingServer } from './reading-server.ts';

describe('a new server of express-generator with the files of the page', () => {
  testReadingServer({
    async make() {
      const project = await generateProject(generators.express, { recipes: ['express'] });
      const before = 'app.use(express.json());';
      const added = `app.use(require('./routes/reading').reading);`;
      await replaceIn(join(project.folder, 'app.js'), before, `${added}\n${before}`);
      await runIn(project, 'npx', ['tsc', ...'--module nodenext --target es2023 routes/reading.ts'.split(' ')]);
      return project;
    },
    start: ({ folder }, environment) =>
      startProgram(['bin/www'], {
        folder,
        environment: { ...environment, DEBUG: 'my-app:server' },
        port: /Listening on port (\d+)/,
      }),
    bodyOf: (file) => file,
    segmentsOf: linesOfJson,
    endOfFailedStream: /^The connection was closed\.$/,
  });
});
