import { dirname, join } from 'node:path';
import type { Names } from './preset.ts';
import { pathBelow, type Target } from './target.ts';

/** A change of a file that exists, in words for where it cannot be made. */
export interface ListEdit {
  readonly path: string;
  readonly byHand: string;
  /** The new text; undefined where the file does not look as expected. */
  readonly edit: (text: string) => string | undefined;
}

/** What has to name a new model: the list of models and, where contracts are a package of their own, its two lists. */
export function listEdits({ models, modelFolder, schemas }: Target, names: Names): ListEdit[] {
  const { task, model } = names;
  const from = `./${pathBelow(dirname(models), join(modelFolder, 'index.ts'))}`;
  const registration: ListEdit = {
    path: models,
    byHand: `import { ${model} } from '${from}' and put ${model} into the list`,
    edit: (text) => withImport(text, `import { ${model} } from '${from}';`, (rest) => inList(rest, model)),
  };
  if (schemas === undefined) return [registration];
  return [
    registration,
    {
      path: join(schemas, 'tasks/index.ts'),
      byHand: `import { ${task} } from './${task}.ts' and put it into tasks`,
      edit: (text) =>
        withImport(text, `import { ${task} } from './${task}.ts';`, (rest) => inObject(rest, `  ${task},\n`)),
    },
    {
      path: join(schemas, 'index.ts'),
      byHand: `export * from './tasks/${task}.ts'`,
      edit: (text) => `${text.trimEnd()}\nexport * from './tasks/${task}.ts';\n`,
    },
  ];
}

/** Adds an import after the last one. */
function withImport(text: string, line: string, edit: (rest: string) => string | undefined): string | undefined {
  const [last] = [...text.matchAll(/^import [^;]*?from '[^']+';?\n/gm)].slice(-1);
  const end = last === undefined ? 0 : last.index + last[0].length;
  const rest = edit(text.slice(end));
  return rest === undefined ? undefined : `${text.slice(0, end)}${line}\n${rest}`;
}

/** Appends to `export const models = [ … ]`. */
function inList(text: string, element: string): string | undefined {
  const list = /(export const models\b[^=]*=\s*\[)([^\]]*)\]/.exec(text);
  if (list === null) return undefined;
  const [whole, head = '', elements = ''] = list;
  // After a comment the element would be part of it.
  if (/\/\/[^\n]*$/.test(elements.trimEnd())) return undefined;
  const before = elements.trimEnd().replace(/,$/, '');
  return text.replace(whole, () => `${head}${before}${before.trim() === '' ? '' : ', '}${element}]`);
}

/** Appends to `export const tasks = { … };`. */
function inObject(text: string, property: string): string | undefined {
  const list = /export const tasks = \{\n[^}]*/.exec(text);
  return list === null ? undefined : text.replace(list[0], (found) => `${found}${property}`);
}
