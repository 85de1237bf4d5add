import { moduleText } from '../module-text.ts';
import type { GeneratedModel, Names } from '../preset.ts';
import { code } from '../quote.ts';

/**
 * A typed program that calls the service.
 * @param contract as seen from the program: './digits/contract.ts'
 * @param sample path of the sample, as seen from where the program is started
 */
export function clientModule(
  { sample }: GeneratedModel,
  { task, constant }: Names,
  { contract, sample: path }: { readonly contract: string; readonly sample: string },
): string {
  const isFile = 'file' in sample;
  const input = isFile
    ? `process.argv[2] ?? ${code(path)}`
    : `JSON.parse(await readFile(process.argv[2] ?? ${code(path)}, 'utf8')) as Input<typeof ${constant}>['input']`;
  return moduleText({
    imports: {
      ...(isFile ? {} : { 'node:fs/promises': ['readFile'], '@portico/schemas': ['type Input'] }),
      '@portico/sdk': ['createPortico', 'isPorticoError'],
      [contract]: [constant],
    },
    body: `// Any program in TypeScript can do the same: it needs @portico/sdk and the contract.
const portico = createPortico({ url: process.env['PORTICO_URL'] ?? 'http://localhost:8000', tasks: { ${task}: ${constant} } });
const input = ${input};

try {
  const output = await portico.${task}(input);
  console.dir(output, { depth: 4 });
} catch (error) {
  if (!isPorticoError(error)) throw error;
  console.error(\`\${error.code}: \${error.message}\`);
  process.exitCode = 1;
}
`,
  });
}
