import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { filesOfModel, ignoredIn, modelNames, modelRepository as repositoryIn } from './model-repository.ts';

const modelRepository = repositoryIn({});

function folderOf(...files: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'repository-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const file of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

const mistake = (text: string): string | undefined => modelRepository.safeParse(text).error?.issues[0]?.message;

it('is empty unless it is set', () => expect(modelRepository.parse(undefined)).toEqual([]));

it('finds files by their names, as version 1, and leaves other files alone', () => {
  const folder = folderOf('mnist.onnx', 'a-b_c.2.onnx', 'mnist.onnx.data', 'README.md', '.hidden.onnx');
  expect(modelRepository.parse(folder)).toEqual([
    { name: 'a-b_c.2', version: '1', path: join(folder, 'a-b_c.2.onnx') },
    { name: 'mnist', version: '1', path: join(folder, 'mnist.onnx') },
  ]);
});

it('finds every version in a folder, the largest number last', () => {
  const folder = folderOf('net/10/model.onnx', 'net/9/model.onnx', 'net/labels/words.txt', 'net/config.pbtxt');
  expect(modelRepository.parse(folder).map(({ version }) => version)).toEqual(['9', '10']);
});

it('follows links', () => {
  const folder = folderOf();
  symlinkSync(join(folderOf('net.onnx'), 'net.onnx'), join(folder, 'linked.onnx'));
  expect(modelRepository.parse(folder).map(({ name }) => name)).toEqual(['linked']);
});

it('takes NAME=PATH for one file, whatever the file is called', () => {
  const folder = folderOf('weights=final.onnx');
  const path = join(folder, 'weights=final.onnx');
  expect(modelRepository.parse(`net=${path}`)).toEqual([{ name: 'net', version: '1', path }]);
});

it('says what is wrong with what cannot be served', () => {
  expect(mistake('/no/such/folder')).toMatch(
    /^\/no\/such\/folder cannot be read \(ENOENT\); use a folder of <name>\.onnx/,
  );
  expect(mistake('net=/no/such.onnx')).toMatch(/^\/no\/such\.onnx cannot be read \(ENOENT\)/);
  expect(mistake(folderOf('README.md'))).toMatch(/^the folder contains no model; use/);
  expect(mistake(`net=${folderOf('net.onnx')}`)).toMatch(/is a folder; use/);
  expect(mistake(folderOf('net/1/other.onnx'))).toMatch(/net\/1\/model\.onnx cannot be read \(ENOENT\)/);
  expect(mistake('net=/dev/null')).toMatch(/^\/dev\/null is neither a file nor a folder/);
  expect(mistake(join(folderOf('net.onnx'), 'net.onnx'))).toMatch(/net\.onnx is a file; use/);
  expect(mistake(folderOf('net/model.onnx'))).toMatch(/net\/model\.onnx is not in a version folder such as net\/1/);
  expect(mistake(folderOf('two words.onnx'))).toMatch(/^"two words" is not a model name/);
  expect(mistake(`=${join(folderOf('net.onnx'), 'net.onnx')}`)).toMatch(/^"" is not a model name/);
  expect(mistake(folderOf('net.onnx', 'net/1/model.onnx'))).toMatch(/^net version 1 exists twice/);
});

it('names a file in the format of ONNX Runtime where there is nothing else', () => {
  expect(mistake(folderOf('net.ort'))).toMatch(
    /^the folder contains no model; net\.ort is in the ORT format; use the ONNX file that it was made from; use /,
  );
});

it('tells all mistakes at once', () => {
  const folder = folderOf('two words.onnx', 'net/model.onnx', 'other/1/renamed.onnx', 'ort/1/model.ort', 'good.onnx');
  symlinkSync(join(folder, 'gone'), join(folder, 'dangling.onnx'));
  const { issues } = modelRepository.safeParse(folder).error ?? {};
  const messages = issues?.map(({ message }) => message.replaceAll(folder, '…')) ?? [];
  const hint = '; use a folder of <name>.onnx or <name>/<version>/model.onnx, or NAME=PATH for one file';
  expect(messages.map((message) => message.endsWith(hint))).toEqual([false, false, false, false, true]);
  expect(messages.map((message) => message.replace(hint, '')).toSorted()).toEqual([
    '"two words" is not a model name; letters, digits, ".", "_" and "-" are allowed',
    '…/dangling.onnx cannot be read (ENOENT)',
    '…/net/model.onnx is not in a version folder such as net/1',
    '…/ort/1/model.onnx cannot be read (ENOENT); model.ort is in the ORT format; use the ONNX file that it was made from',
    '…/other/1/model.onnx cannot be read (ENOENT); rename renamed.onnx to model.onnx',
  ]);
  const many = folderOf(...Array.from({ length: 14 }, (_, index) => `net ${index}.onnx`));
  expect(modelRepository.safeParse(many).error?.issues).toHaveLength(11);
  expect(modelRepository.safeParse(many).error?.issues.at(-1)?.message).toMatch(/^there are 4 more like these; use /);
});

it('names what looks like a model and is not served', () => {
  const folder = folderOf(
    'net/1/model.onnx',
    'net/v0/model.onnx',
    'net/2.0/model.onnx',
    'net/labels/words.txt',
    'net/config.pbtxt',
    'bert/encoder.onnx',
    'fast.ort',
    'both.ort',
    'both.onnx',
    '.git/x.onnx',
  );
  expect(modelRepository.parse(folder).map(({ name }) => name)).toEqual(['both', 'net']);
  expect(ignoredIn(folder).toSorted()).toEqual([
    'bert/encoder.onnx is neither bert.onnx nor bert/<version>/model.onnx',
    'fast.ort is in the ORT format; use the ONNX file that it was made from',
    'net/2.0 is not a version, which is a whole number from 1, as in net/1',
    'net/v0 is not a version, which is a whole number from 1, as in net/1',
  ]);
  expect(mistake(folderOf('net/v0/model.onnx'))).toMatch(
    /^the folder contains no model; net\/v0 is not a version, which is a whole number from 1, as in net\/1; use /,
  );
  expect(ignoredIn(`net=${join(folder, 'both.onnx')}`)).toEqual([]);
});

it('looks at the files of one model alone', () => {
  const folder = folderOf('net/2/model.onnx', 'net/1/model.onnx', 'two words.onnx', 'net.b.onnx');
  expect(filesOfModel(folder, 'net').map(({ version }) => version)).toEqual(['1', '2']);
  expect(filesOfModel(folder, 'net.b').map(({ path }) => path)).toEqual([join(folder, 'net.b.onnx')]);
  for (const name of ['other', 'net.b.onnx', '..', '.', '', 'net/2', '../x'])
    expect(filesOfModel(folder, name)).toEqual([]);
});

it('finds the names of models whatever else lies there', () => {
  const folder = folderOf('net/2/model.onnx', 'b.onnx', 'b.ort', 'two words.onnx', '.git/x.onnx');
  symlinkSync(join(folder, 'gone'), join(folder, 'dangling'));
  expect(modelNames(folder)).toEqual(['b', 'net']);
});

it('finds one model as it is now, and the names of all', () => {
  const folder = folderOf(
    'net/2/model.onnx',
    'net/10/model.onnx',
    'flat.onnx',
    'flat.onnx.data',
    '.hidden.onnx',
    'a b.onnx',
  );
  expect(modelNames(folder)).toEqual(['flat', 'net']);
  expect(filesOfModel(folder, 'net').map(({ version, path }) => [version, path])).toEqual([
    ['2', join(folder, 'net', '2', 'model.onnx')],
    ['10', join(folder, 'net', '10', 'model.onnx')],
  ]);
  expect(filesOfModel(folder, 'flat')).toEqual([{ name: 'flat', version: '1', path: join(folder, 'flat.onnx') }]);
  for (const name of ['nothing', '', '.', '..', '.hidden', `../${basename(folder)}/net`, 'a b'])
    expect(filesOfModel(folder, name)).toEqual([]);
  const path = join(folder, 'flat.onnx');
  expect([modelNames(`only=${path}`), filesOfModel(`only=${path}`, 'flat')]).toEqual([['only'], []]);
  expect(filesOfModel(`only=${path}`, 'only')).toEqual([{ name: 'only', version: '1', path }]);
});

it('says what is wrong with one model, whatever the others are', () => {
  const folder = folderOf('net/1/other.onnx', 'twice.onnx', 'twice/1/model.onnx', 'good.onnx');
  expect(() => filesOfModel(folder, 'net')).toThrow('ENOENT');
  expect(() => filesOfModel(folder, 'twice')).toThrow('twice version 1 exists twice');
  expect(filesOfModel(folder, 'good')).toHaveLength(1);
});
