import type { Contract } from './contract.ts';

/** How far a version has to go: `major` breaks clients, `minor` gives them more, `patch` changes texts. */
export type Step = 'major' | 'minor' | 'patch';

/** One difference between two contracts, and the step that it needs. */
export interface Change {
  readonly step: Step;
  /** The path in the recorded contract: `tasks.ocr.params.properties.words.default`. */
  readonly where: string;
  readonly what: 'added' | 'removed' | 'changed';
}

/** Keywords whose members have names of their own: a new member affects no existing client. */
const records = new Set(['tasks', 'errors', 'inputs', 'outputs', 'procedures', 'properties', '$defs']);
const alternatives = {
  input: { added: 'minor', removed: 'major' },
  // Clients may not expect a new value.
  output: { added: 'major', removed: 'major' },
} as const;

/** Keywords whose value is a list in any order, for what clients send and for what they read. */
const lists: Readonly<Record<string, Readonly<Record<'input' | 'output', { added: Step; removed: Step }>>>> = {
  enum: alternatives,
  mediaTypes: alternatives,
  required: { input: { added: 'major', removed: 'minor' }, output: { added: 'minor', removed: 'major' } },
};

/** Codes of warnings: the documentation tells clients to expect new ones. */
const warningCodes = /\.properties\.warnings\.items\.properties\.code\.enum$/;

/** Keywords that are for people only. */
const texts = new Set(['summary', 'title', 'description', 'examples']);

/**
 * How a contract differs from the released one. What is removed or changed is major, also where it only relaxes a limit;
 * what is added is minor; texts are patches.
 */
export function changesBetween(released: Contract, current: Contract): Change[] {
  const { version: _before, ...before } = released;
  const { version: _after, ...after } = current;
  return compare([], undefined, before, after);
}

/** @param keyword undefined if the last part of the path is a name. */
function compare(path: readonly string[], keyword: string | undefined, before: unknown, after: unknown): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const change = (step: Step, what: Change['what']): Change[] => [{ step, where: path.join('.'), what }];
  if (texts.has(keyword ?? '')) return change('patch', 'changed');
  // `item` and `produces` of a task.
  if (before === null) return change('minor', 'added');
  if (after === null) return change('major', 'removed');
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(path, keyword, before, after);
  if (isRecord(before) && isRecord(after)) return compareRecords(path, keyword, before, after);
  return change('major', 'changed');
}

function compareRecords(path: readonly string[], keyword: string | undefined, before: Fields, after: Fields): Change[] {
  const hasNames = records.has(keyword ?? '');
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key): Change[] => {
    const at = [...path, key];
    const where = at.join('.');
    const isText = !hasNames && texts.has(key);
    if (!(key in after)) return [{ step: isText ? 'patch' : 'major', where, what: 'removed' }];
    if (key in before) return compare(at, hasNames ? undefined : key, before[key], after[key]);
    if (isText) return [{ step: 'patch', where, what: 'added' }];
    // A new keyword, such as `maxLength`, limits what was there before.
    return [{ step: hasNames ? 'minor' : 'major', where, what: 'added' }];
  });
}

function compareLists(
  path: readonly string[],
  keyword: string | undefined,
  before: readonly unknown[],
  after: readonly unknown[],
): Change[] {
  const where = path.join('.');
  const isOpen = isInput(path) || warningCodes.test(where);
  const rule = lists[keyword ?? '']?.[isOpen ? 'input' : 'output'];
  if (rule !== undefined) {
    const added = after.filter((value) => !before.includes(value));
    const removed = before.filter((value) => !after.includes(value));
    return [
      ...added.map((value): Change => ({ step: rule.added, where: `${where}.${String(value)}`, what: 'added' })),
      ...removed.map((value): Change => ({ step: rule.removed, where: `${where}.${String(value)}`, what: 'removed' })),
    ];
  }
  if (before.length !== after.length) return [{ step: 'major', where, what: 'changed' }];
  return before.flatMap((value, index) => compare([...path, String(index)], undefined, value, after[index]));
}

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const isInput = ([part, , field = '']: readonly string[]): boolean =>
  part === 'inputs' || (part === 'tasks' && ['accepts', 'params'].includes(field));
