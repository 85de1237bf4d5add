/** Text of a client's, cut to a length that is fit for an answer and a log line. */
export const clip = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;
