/**
 * The `repository` of a package that is published from here. npm's provenance is for the repository it names only, so it
 * is read from git, and the sources name none.
 *
 * @throws {Error} when `origin` has no address on the web.
 */
export function repositoryOf(origin, directory) {
  const [, host, path] =
    /^(?:https?|ssh|git|git\+ssh):\/\/(?:[^/@]*@)?([^/:@]+)(?::\d+)?\/([^?#]+?)\/?$/.exec(origin) ??
    /^(?:[^/:@]+@)?([^/:@]+\.[^/:@]+):(?!\/)([^?#]+?)\/?$/.exec(origin) ??
    [];
  if (host === undefined) throw new Error(`origin is ${withoutSecrets(origin)}, which is no address on the web`);
  return { type: 'git', url: `git+https://${host}/${path}`, directory };
}

const withoutSecrets = (origin) => origin.replace(/\/\/[^/@]*@/, '//');
