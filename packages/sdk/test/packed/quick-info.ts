import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Project } from './project.ts';

/** The parts of TypeScript's language service that are used here; TypeScript 7 has none to take types from. */
interface TypeScript {
  sys: object;
  ScriptSnapshot: { fromString(text: string): object };
  getDefaultLibFilePath(options: object): string;
  displayPartsToString(parts: unknown): string;
  ModuleKind: { NodeNext: number };
  createLanguageService(host: object): {
    getQuickInfoAtPosition(
      file: string,
      position: number,
    ): { displayParts: unknown; documentation: unknown } | undefined;
  };
}

/** What an editor shows over a name in the consumer's program: the signature and the documentation. */
export function quickInfo({ folder }: Project): (code: string, name: string) => { signature: string; text: string } {
  const typescript = createRequire(join(folder, 'package.json'))('typescript') as TypeScript;
  const file = join(folder, 'program.ts');
  const source = readFileSync(file, 'utf8');
  const options = { module: typescript.ModuleKind.NodeNext, strict: true, skipLibCheck: true };
  const service = typescript.createLanguageService({
    ...typescript.sys,
    useCaseSensitiveFileNames: () => true,
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path: string) => typescript.ScriptSnapshot.fromString(readFileSync(path, 'utf8')),
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: (settings: object) => typescript.getDefaultLibFilePath(settings),
  });
  return (code, name) => {
    const start = source.indexOf(code);
    const info = start < 0 ? undefined : service.getQuickInfoAtPosition(file, start + code.indexOf(name));
    return {
      signature: typescript.displayPartsToString(info?.displayParts),
      text: typescript.displayPartsToString(info?.documentation),
    };
  };
}
