/** What no folder's name holds in the paths of messages. */
const end = String.raw`\s\\/"'${'`'},;:()<>|`;
const name = `[^${end}]+`;
/** The name of a folder on Windows, where only paths have backslashes and users' names have spaces. */
const spacedName = `${name}(?: ${name})*`;
/** Before a path; not within a word or an address. */
const start = String.raw`(?<![\w/\\.~-])(?:file:/{2,3})?`;
/** Names of nodes and tensors that look like paths, as PyTorch writes them. */
const ofGraph = String.raw`(?<!\b(?:node|name|input|output|tensor|initializer|operator|parameter)s?:? ?[("'\[])`;

/** Paths up to the name of what is there; each is replaced by that name. */
const folders: readonly RegExp[] = [
  // In quotes, and where ONNX Runtime names a file, spaces belong to it.
  new RegExp(
    String.raw`${ofGraph}(?<=(['"])(?:file://)?)~?(?:/(?!/)|[a-z]:[\\/]|\\\\)[^'"\n]*[\\/](?=[^'"\\/\n]+\1)`,
    'gi',
  ),
  /(?<=\bLoad model from )[^\n]*[\\/](?=[^\\/\n]+ failed)/g,
  new RegExp(String.raw`${start}(?:[a-z]:[\\/]|\\\\)(?:${spacedName}[\\/])*(?=${name})`, 'gi'),
  new RegExp(String.raw`${ofGraph}${start}~?/(?:${name}/)+(?=${name})`, 'gi'),
];

/** A place in the sources of ONNX Runtime, and the function that is there. */
const placeInSource =
  /(?<![^\s"'(:])(?:[A-Z]:(?=\\))?[^\s"'(:]+\.(?:cc|cpp|cxx|hpp|h|cuh|cu)(?::\d+|\(\d+\):?)(?: [^()"'.]*::[^()"'.]*\((?:[^()]|\([^()]*\))*\)(?: const)?(?: \[with [^\]]*\])?)? */g;

/** Characters of a message that are looked through, and shown. */
const maxLength = 4_000;

/**
 * A message without the folders of the server and the places in ONNX Runtime's sources. Probes have no key, so nobody learns from
 * them where the server keeps its files. The log and `/models` have the paths.
 */
export function publicText(text: string): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return folders.reduce((shown, folder) => shown.replaceAll(folder, ''), cut.replaceAll(placeInSource, ''));
}
