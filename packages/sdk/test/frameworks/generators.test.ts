import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sdkFolder } from '../recipes/pages.ts';
import type { Generator } from './generated-project.ts';
import { generators } from './generators.ts';

test.each(Object.entries<Generator>(generators))(
  'the page %s makes its project by the command that runs in its test, and installs what that installs',
  async (name, { command, adds = [] }) => {
    const page = await readFile(join(sdkFolder, 'docs', `${name}.md`), 'utf8');
    const [first = ''] = /^```sh\n.*?^```/ms.exec(page) ?? [];
    expect(first.split('\n').slice(1, -1)).toEqual([
      command,
      'cd my-app',
      `npm install ${['@portico/sdk', ...adds].join(' ')}`,
    ]);
  },
);
