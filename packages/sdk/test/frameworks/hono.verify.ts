import { join } from 'node:path';
import { describe } from 'vitest';
import { startProgram } from '../recipes/running-program.ts';
import { generateProject, replaceIn, runIn } from './generated-project.ts';
import { generators } from './generators.ts';
import { formOf, testReadingServer } from './reading-server.ts';

describe('a new server of create-hono with the files of the page', () => {
  testReadingServer({
    async make() {
      const project = await generateProject(generators.hono, { recipes: ['hono'] });
      const program = join(project.folder, 'src/index.ts');
      await replaceIn(program, 'const app = new Hono()', `const app = new Hono()\napp.route('/', reading)`);
      await replaceIn(program, 'import', `import { reading } from './reading.js'\nimport`);
      await replaceIn(program, '3000', 'Number(process.env.PORT)');
      await runIn(project, 'npm', ['run', 'build']);
      return project;
    },
    start: ({ folder }, environment) =>
      startProgram(['dist/index.js'], { folder, environment, port: /localhost:(\d+)/ }),
    bodyOf: formOf,
    segmentsOf: (text) => [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as unknown),
    endOfFailedStream: /^event: problem\ndata: \{"code":"ENGINE_CRASHED"/m,
  });
});
