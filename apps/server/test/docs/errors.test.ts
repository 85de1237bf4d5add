import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodes, errorTable, type ErrorRow } from '@portico/schemas';
import type { ErrorCode as SdkErrorCode, PorticoErrorCode, Problem as SdkProblem } from '@portico/sdk';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { type HttpSide, startHttpSide } from '../doors/support/http-side.ts';

const rows: readonly (readonly [string, ErrorRow])[] = Object.entries(errorTable);

describe('the page about errors', () => {
  let page: string;
  beforeAll(async () => {
    page = await readFile(join(import.meta.dirname, '../../../../docs/errors.md'), 'utf8');
  });

  it('lists every row of the error table as it is, by status, and no other', () => {
    const listed = page.split('\n').filter((line) => /^\| \d{3} \|/.test(line));
    const expected = rows
      .toSorted(([, one], [, other]) => one.status - other.status)
      .map(
        ([code, { status, meaning, retryable }]) =>
          `| ${status} | \`${code}\` | ${meaning} | ${retryable ? 'yes' : 'no'} |`,
      );
    expect(listed).toEqual(expected);
  });

  it('shows a problem as it is sent', () => {
    const [, shown = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
    const { type, title, status, code } = JSON.parse(shown) as SdkProblem;
    const row: ErrorRow = errorTable[code];
    expect({ type, title, status }).toEqual({
      type: `urn:portico:problem:${code}`,
      title: row.title,
      status: row.status,
    });
  });
});

interface Operation {
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
    readonly responses: Readonly<Record<string, { readonly description: string }>>;
  };
}

describe('the OpenAPI document', () => {
  let app: HttpSide;
  let document: Document;
  beforeAll(async () => {
    app = await startHttpSide({});
    document = (await (await fetch(`${app.url}/openapi.json`)).json()) as Document;
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('names every code of the error table, and no other', () => {
    expect(document.components.schemas['ErrorCode']?.enum).toEqual(errorCodes);
  });

  it('describes every error that a request to a task can have under its status, and no other', () => {
    const described = Object.entries(document.paths['/ocr']?.['post']?.responses ?? {})
      .filter(([status]) => Number(status) >= 400)
      .flatMap(([status, { $ref = '' }]) => {
        const shared = document.components.responses[$ref.replace('#/components/responses/', '')];
        return (shared?.description ?? '').split('\n\n').map((text) => `${status} ${text}`);
      });
    // A task's route exists and its method is right; nothing is sent to a client that has left.
    const elsewhere = new Set(['NOT_FOUND', 'METHOD_NOT_ALLOWED', 'CANCELLED']);
    const expected = rows
      .filter(([code]) => !elsewhere.has(code))
      .map(([code, { status, meaning }]) => `${status} ${code}: ${meaning}`);
    expect(described.toSorted()).toEqual(expected.toSorted());
  });
});

describe("the SDK's types", () => {
  it('have every code of the error table, and no other', async () => {
    const folder = join(import.meta.dirname, '../../../../packages/sdk/dist');
    const files = (await readdir(folder)).filter((file) => file.endsWith('.d.ts'));
    const declarations = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    const [, union = ''] = /type ErrorCode = ([^;]+);/.exec(declarations.join('\n')) ?? [];
    expect([...union.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code)).toEqual(errorCodes);
    // What the declarations mean is checked by the compiler.
    expectTypeOf<SdkErrorCode>().toEqualTypeOf<keyof typeof errorTable>();
    expectTypeOf<SdkProblem['code']>().toEqualTypeOf<keyof typeof errorTable>();
    expectTypeOf<PorticoErrorCode>().toEqualTypeOf<keyof typeof errorTable | 'NETWORK' | 'ABORTED'>();
  });
});
