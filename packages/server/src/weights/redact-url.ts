/** A URL for people: without `user:password@`, the query and the fragment, any of which may be a secret. */
export function redactUrl(url: string | URL): string {
  if (!URL.canParse(String(url))) return 'an unreadable URL';
  const shown = new URL(url);
  const hidden = shown.search === '' ? '' : '?…';
  shown.username = '';
  shown.password = '';
  shown.search = '';
  shown.hash = '';
  return `${shown.href}${hidden}`;
}
