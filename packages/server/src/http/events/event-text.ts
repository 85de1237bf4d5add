/** One server-sent event (HTML Living Standard, 9.2.6); `data` is JSON in one line. */
export const eventText = (id: number, event: 'item' | 'result' | 'error', data: string): string =>
  `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;

/** A comment, which readers skip and which keeps what lies between from giving the connection up. */
export const commentText = ': waiting\n\n';
