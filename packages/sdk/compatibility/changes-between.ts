import type { Change } from './change.ts';
import type { Contract, ErrorContract, TaskContract } from './contract.ts';
import { json } from './difference.ts';
import { schemaChanges } from './schema-changes.ts';

/** How the contract differs from its release, and the step that each difference needs. */
export function changesBetween(released: Contract, current: Contract): Change[] {
  return [
    ...entryChanges('task', released.tasks, current.tasks, taskChanges),
    ...entryChanges('error', released.errors, current.errors, errorChanges),
    ...entryChanges('input', released.inputs, current.inputs, (where, before, after) =>
      schemaChanges(where, 'input', before, after),
    ),
    ...entryChanges('answer', released.answers, current.answers, (where, before, after) =>
      schemaChanges(where, 'output', before, after),
    ),
    ...entryChanges('procedure', released.procedures, current.procedures, (where, before, after) =>
      before === after ? [] : [{ step: 'major', where, what: `the ${before} became a ${after}` }],
    ),
  ];
}

function taskChanges(where: string, released: TaskContract, current: TaskContract): Change[] {
  const [item, itemNow] = [released.item, current.item];
  return [
    ...(released.summary === current.summary ? [] : [{ step: 'patch', where, what: 'another summary' } as const]),
    ...acceptsChanges(`${where} input`, released.accepts, current.accepts),
    ...schemaChanges(`${where} params`, 'input', released.params, current.params),
    ...schemaChanges(`${where} output`, 'output', released.output, current.output),
    ...(item !== null && itemNow !== null ? schemaChanges(`${where} item`, 'output', item, itemNow) : []),
    ...optionalChanges(`${where} item`, item !== null, itemNow !== null),
    ...producesChanges(`${where} picture`, released.produces, current.produces),
  ];
}

function acceptsChanges(where: string, released: TaskContract['accepts'], current: TaskContract['accepts']): Change[] {
  if (released.kind === 'json' && current.kind === 'json') {
    return schemaChanges(where, 'input', released.schema, current.schema);
  }
  if (released.kind === 'json' || current.kind === 'json' || released.kind !== current.kind) {
    return [{ step: 'major', where, what: `the ${released.kind} became ${current.kind}` }];
  }
  const [before, after] = [released.mediaTypes, current.mediaTypes];
  return [
    ...before
      .filter((type) => !after.includes(type))
      .map((type): Change => ({ step: 'major', where, what: `${type} is not accepted any more` })),
    ...after
      .filter((type) => !before.includes(type))
      .map((type): Change => ({ step: 'minor', where, what: `${type} is accepted too` })),
  ];
}

function producesChanges(
  where: string,
  released: TaskContract['produces'],
  current: TaskContract['produces'],
): Change[] {
  if (released === null || current === null) return optionalChanges(where, released !== null, current !== null);
  if (json(released) === json(current)) return [];
  return [{ step: 'major', where, what: `${json(released)} became ${json(current)}` }];
}

function errorChanges(where: string, released: ErrorContract, current: ErrorContract): Change[] {
  return [
    ...(['status', 'retryable'] as const)
      .filter((name) => released[name] !== current[name])
      .map((name): Change => ({ step: 'major', where, what: `${name} ${released[name]} became ${current[name]}` })),
    ...(released.title === current.title ? [] : [{ step: 'patch', where, what: 'another title' } as const]),
  ];
}

function optionalChanges(where: string, was: boolean, is: boolean): Change[] {
  if (was === is) return [];
  return [{ step: is ? 'minor' : 'major', where, what: is ? 'is new' : 'is gone' }];
}

/** What is compared by name: none may go, more may come. */
function entryChanges<Entry>(
  kind: string,
  released: Readonly<Record<string, Entry>>,
  current: Readonly<Record<string, Entry>>,
  compare: (where: string, released: Entry, current: Entry) => Change[],
): Change[] {
  const names = new Set([...Object.keys(released), ...Object.keys(current)]);
  return [...names].flatMap((name) => {
    const [where, before, after] = [`${kind} ${name}`, released[name], current[name]];
    if (before === undefined || after === undefined) {
      return optionalChanges(where, before !== undefined, after !== undefined);
    }
    return compare(where, before, after);
  });
}
