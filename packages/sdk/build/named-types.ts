import { z } from 'zod';
import { declarationText, type JsonSchema, typeText } from './type-text.ts';

/** The types that have names of their own. */
export class NamedTypes {
  readonly #declarations = new Map<string, string>();

  /** Writes a schema and all it refers to; answers with its own id, or else with this name. */
  add(name: string, schema: z.ZodType, io: 'input' | 'output'): string {
    const { $defs = {}, ...root } = z.toJSONSchema(schema, { io }) as JsonSchema;
    for (const [id, definition] of Object.entries($defs)) this.#set(id, definition);
    if (root.$ref !== undefined) return typeText(root);
    this.#set(name, root);
    return name;
  }

  #set(name: string, schema: JsonSchema): void {
    const declaration = declarationText(name, schema);
    if ((this.#declarations.get(name) ?? declaration) !== declaration) {
      throw new Error(`${name} is one thing as input and another as output: give the two their own ids.`);
    }
    this.#declarations.set(name, declaration);
  }

  /** All declarations, each under its doc comment if it has one. */
  text(comments: ReadonlyMap<string, string>): string {
    return [...this.#declarations].map(([name, text]) => `${comments.get(name) ?? ''}\n${text}`).join('\n');
  }
}
