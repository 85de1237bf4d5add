interface Refusal {
  readonly error?: { readonly json?: { readonly data?: { readonly problem?: unknown } } };
}

/** The problem in tRPC's words for a refusal; that of a whole batch is the same for each call. */
export function problemIn(body: unknown): unknown {
  const refusal = (Array.isArray(body) ? (body as unknown[])[0] : body) as Refusal | null | undefined;
  return refusal?.error?.json?.data?.problem;
}
