import { join } from 'node:path';
import { startProgram } from '../recipes/running-program.ts';
import { appendTo, generateProject, runIn } from './generated-project.ts';
import { generators } from './generators.ts';
import { describeReadingServer } from './reading-server.ts';

describeReadingServer('a server of express-generator', {
  make: async () => {
    const project = await generateProject(generators.express, { recipes: ['express'] });
    await replaceIn(join(project.folder, 'app.js'), 'module.exports', `app.use(require('./routes/reading').reading);\n\nmodule.exports`);
    await runIn(project, 'npx', ['tsc', '--module', 'nodenext', '--target', 'es2023', 'routes/reading.ts']);
    return project;
  },
  start: ({ folder }, environment) =>
    startProgram(['bin/www'], {
      folder,
      environment: { ...environment, DEBUG: 'my-app:server' },
      port: /Listening on port (\d+)/,
    }),
  bodyOf: (file) => file,
  segmentsOf: (text) => text.trim().split('\n').map((line) => JSON.parse(line) as unknown),
});
