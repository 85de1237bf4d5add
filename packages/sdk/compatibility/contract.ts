/** The parts of JSON Schema that are compared; others are seen to differ, and no more. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly default?: unknown;
}

/** The keyword under which an inlined schema keeps its name, which is also a type's in the SDK. */
export const nameKeyword = 'x-name';

/** Keywords that allow and forbid nothing. */
export const wordKeywords = ['title', 'description', 'default', 'examples', nameKeyword];

/** What a task takes and answers. */
export interface TaskContract {
  readonly summary: string;
  readonly accepts:
    | { readonly kind: 'image' | 'audio'; readonly mediaTypes: readonly string[] }
    | { readonly kind: 'json'; readonly schema: JsonSchema };
  readonly params: JsonSchema;
  readonly output: JsonSchema;
  readonly item: JsonSchema | null;
  readonly produces: { readonly mediaType: string; readonly field: string } | null;
}

/** What clients of one version may rely on. */
export interface Contract {
  readonly version: string;
  readonly tasks: Readonly<Record<string, TaskContract>>;
  readonly errors: Readonly<Record<string, ErrorContract>>;
  /** What is sent to the server besides the tasks' inputs. */
  readonly inputs: Readonly<Record<string, JsonSchema>>;
  /** What the server answers besides the tasks' outputs. */
  readonly answers: Readonly<Record<string, JsonSchema>>;
  /** The tRPC procedures by path, each a query or a mutation. */
  readonly procedures: Readonly<Record<string, string>>;
}

export interface ErrorContract {
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
}
