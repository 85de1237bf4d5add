/** What the caller's own function of headers threw, in `cause`: on its way through tRPC it is told by this from other errors. */
export class HeadersError extends Error {
  constructor(cause: unknown) {
    super(undefined, { cause });
  }
}
