import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { embed, faces, ocr, segment, vad } from '@portico/schemas';
import { models } from '@portico/models';
import { environmentSchema, parseConfig } from '@portico/server/internal/config';
import { modelRegistry } from '@portico/server/internal/model/register-model';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../../..');
const readRoot = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

/** The code blocks of a page in one language. */
const blocks = (page: string, language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code ?? '');

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr,faces,segment,vad' });
  await server.ready();
});
afterAll(async () => server[Symbol.asyncDispose]());

/** The pages speak of port 8000; the test's server listens elsewhere. */
const onTestPort = (code: string): string => code.replaceAll('localhost:8000', `127.0.0.1:${server.port}`);

/** What the first program of a page that uses the SDK prints. */
async function printed(page: string): Promise<string> {
  const program = blocks(page, 'ts').find((code) => code.includes('@portico/sdk')) ?? '';
  // Inside this package, so that its dependencies are found.
  const folder = await mkdtemp(join(import.meta.dirname, 'program-'));
  try {
    await writeFile(join(folder, 'program.mjs'), onTestPort(program));
    return (await run(process.execPath, [join(folder, 'program.mjs')], { cwd: root })).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the first command of a page answers. */
async function answered(page: string): Promise<string> {
  const [command = ''] = blocks(page, 'sh');
  return (await run('sh', ['-c', onTestPort(command)], { cwd: root })).stdout;
}

describe('the README', () => {
  let readme: string;
  beforeAll(async () => {
    readme = await readRoot('README.md');
  });

  it('shows a curl line that reads the sample page from the repository root', async () => {
    const command = blocks(readme, 'sh').find((code) => code.startsWith('curl'));
    const { stdout } = await run('sh', ['-c', onTestPort(command ?? '')], { cwd: root });
    expect((JSON.parse(stdout) as { text: string }).text).toContain('and it does not like to be kept waiting.');
  });

  it('shows a program that does the same through the SDK', async () => {
    expect(await printed(readme)).toContain('Portico serves models');
  });
});

it('the page about HTTP names routes that exist', async () => {
  const page = await readRoot('docs/http.md');
  const paths = [...page.matchAll(/^\| `GET (\/[a-z./]+)`/gm)].map(([, path]) => path);
  expect(paths).toContain('/openapi.json');
  for (const path of paths) expect([path, (await fetch(`${server.url}${path}`)).status]).toEqual([path, 200]);
});

describe('the page about configuration', () => {
  let settings: Map<string, string>;
  beforeAll(async () => {
    const [, ...sections] = (await readRoot('docs/configuration.md')).split(/^### /m);
    settings = new Map(sections.map((section) => [/^`([A-Z_]+)`\n/.exec(section)?.[1] ?? section, section]));
  });

  /** Variables of `npm start` and of the demo page, which the server does not read. */
  const besideTheServer = ['PORTICO_URL', 'WEB_PORT'];

  it('has every variable of the environment, and no other', () => {
    const places = models.flatMap(({ settings }) =>
      Object.values(settings.variants).flatMap(({ weights }) => Object.values(weights)),
    );
    const ofWeights = places.flatMap((place) => (place.kind === 'configured' ? [place.variable] : []));
    const known = [...Object.keys(environmentSchema(new Map(), {}).shape), ...new Set(ofWeights), ...besideTheServer];
    expect([...settings.keys()].toSorted()).toEqual(known.toSorted());
  });

  const configOf = (environment: NodeJS.ProcessEnv) => {
    const { shares, ...config } = parseConfig(environment, modelRegistry(models), { cores: 4, memoryBytes: 16e9 });
    return { ...config, neededBytes: shares.neededBytes };
  };
  const accepts = (environment: NodeJS.ProcessEnv): boolean => {
    try {
      return configOf(environment) !== undefined;
    } catch {
      return false;
    }
  };

  it('gives the defaults that the server has', () => {
    const literal = [...settings].flatMap(([name, section]) => {
      const [, value] = /^Default: `([^`~]+)`\./m.exec(section) ?? [];
      return value === undefined ? [] : [[name, value]];
    });
    expect([...settings].filter(([, section]) => !/^Default: /m.test(section))).toEqual([]);
    expect(configOf(Object.fromEntries(literal))).toEqual(configOf({}));
  });

  it('gives the bounds that the server keeps', () => {
    const bounded = [...settings].flatMap(([name, section]) => {
      const [, min, max] = /Allowed: ([\d.]+) to\s(\d+)\./.exec(section) ?? [];
      return min === undefined || max === undefined || besideTheServer.includes(name) ? [] : [{ name, min, max }];
    });
    expect(bounded.length).toBeGreaterThan(10);
    // Two limits depend on others.
    const others = { MAX_UPLOAD_MB: '1', DRAIN_SECONDS: '0' };
    const wrong = bounded.filter(
      ({ name, min, max }) =>
        !accepts({ ...others, [name]: min }) ||
        !accepts({ ...others, [name]: max }) ||
        accepts({ ...others, [name]: String(Number(max) + 1) }) ||
        (Number(min) > 0 && accepts({ ...others, [name]: '0' })),
    );
    expect(wrong).toEqual([]);
  });
});

describe.each([
  ['ocr', ocr],
  ['faces', faces],
  ['segment', segment],
  ['vad', vad],
  ['embed', embed],
])('the page about %s', (name, task) => {
  it('lists every parameter with its default', async () => {
    expect(listedDefaults(await readRoot(`docs/${name}.md`))).toEqual(task.params.parse({}));
  });
});

it('the page about reading text shows a curl line that answers with words', async () => {
  const { lines } = ocr.output.parse(JSON.parse(await answered(await readRoot('docs/ocr.md'))));
  expect(lines[0]?.words?.map(({ text }) => text)).toEqual(['Portico', 'serves', 'models']);
});

it('the page about finding faces shows a curl line that answers as the page says', async () => {
  const page = await readRoot('docs/faces.md');
  const [face] = faces.output.parse(JSON.parse(await answered(page))).faces;
  const [, shown = ''] = /"box": (\{.*?\})/.exec(page) ?? [];
  for (const [key, value] of Object.entries(JSON.parse(shown) as Record<'x' | 'y' | 'width' | 'height', number>))
    expect(face?.box[key as 'x']).toBeCloseTo(value, 0);
});

it('the page about cutting people out shows a curl line that answers with a picture', async () => {
  const { image } = segment.output.parse(JSON.parse(await answered(await readRoot('docs/segment.md'))));
  expect(await sharp(Buffer.from(image.split(',')[1] ?? '', 'base64')).metadata()).toMatchObject({
    width: 512,
    height: 512,
    hasAlpha: true,
  });
});

it('the page about finding speech shows a curl line that answers as the page says', async () => {
  const page = await readRoot('docs/vad.md');
  const [shown = ''] = blocks(page, 'json');
  expect(JSON.parse(await answered(page))).toEqual(JSON.parse(shown));
});

describe('the page about streams', () => {
  it('shows a curl line that answers as the page says', async () => {
    const page = await readRoot('docs/streams.md');
    const [shown = ''] = blocks(page, 'text');
    const [items = ''] = (await answered(page)).split('id: 3');
    expect(items).toBe(shown.split('id: 3')[0]);
  });

  it('shows a program that prints the segments', async () => {
    expect(await printed(await readRoot('docs/streams.md'))).toBe('0.802 3.326\n4.386 5.726\n');
  });
});

/** The parameters of a page's table and their defaults. */
const listedDefaults = (page: string): Record<string, unknown> => {
  const [, section = ''] = page.split('## Parameters');
  const [table = ''] = section.split('\n## ');
  const rows = [...table.matchAll(/^\| `(\w+)` \| (\S+) \|/gm)];
  return Object.fromEntries(rows.map(([, name, value]) => [name, JSON.parse(value ?? '')]));
};

describe('the guide to the code', () => {
  it('names files and folders that exist', async () => {
    const guide = await readRoot('CLAUDE.md');
    const links = [...guide.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, path]) => path ?? '');
    const [tree = ''] = blocks(guide, '');
    const named = [...links, ...treePaths(tree)];
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

/** Paths of an indented tree: a folder's entries are indented by two columns. */
function treePaths(tree: string): string[] {
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', names = ''] = /^( *)([\w./, -]+?)(?: {2,}|$)/.exec(line) ?? [];
    if (names === '') return [];
    const depth = indent.length / 2;
    const paths = names.split(', ').map((name) => join(...parents.slice(0, depth), name));
    parents.splice(depth, parents.length, names.split(', ')[0] ?? '');
    return paths;
  });
}
