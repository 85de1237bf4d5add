import { outerRules, type Stage, stageOfPart, stageRules, stages } from './stages.ts';

/** A CPU profile of V8, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** The node that was on top at each sample, and microseconds since the sample before. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

export interface Attribution {
  /** The share of the time that is not idle, by stage. */
  readonly shares: ReadonlyMap<Stage, number>;
  /** The functions that no rule maps, with their share of that time, the largest first. */
  readonly unmapped: readonly { readonly frame: string; readonly share: number }[];
}

/** Shares out the time of a profile: every sample to the stage of the innermost frame that has one. */
export function attribute({ nodes, samples, timeDeltas }: CpuProfile): Attribution {
  const stageOf = stagesOf(nodes);
  const frames = new Map(nodes.map((node) => [node.id, frameOf(node)]));
  const times = new Map<Stage, number>(stages.filter((stage) => stage !== 'idle').map((stage) => [stage, 0]));
  const unmapped = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const stage = stageOf.get(id) ?? 'other';
    if (stage === 'idle' || stage === 'profiler') continue;
    const time = timeDeltas[index] ?? 0;
    busy += time;
    times.set(stage, (times.get(stage) ?? 0) + time);
    const frame = frames.get(id);
    if (stage === 'other' && frame !== undefined) unmapped.set(frame, (unmapped.get(frame) ?? 0) + time);
  }
  const share = (time: number): number => (busy === 0 ? 0 : time / busy);
  return {
    shares: new Map([...times].map(([stage, time]) => [stage, share(time)])),
    unmapped: [...unmapped]
      .map(([frame, time]) => ({ frame, share: share(time) }))
      .toSorted((one, other) => other.share - one.share),
  };
}

type Found = Stage | 'profiler';

function stagesOf(nodes: readonly ProfileNode[]): ReadonlyMap<number, Found> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Map<number, Found>();
  const visit = (node: ProfileNode, outer: Found): void => {
    const stage = ownStage(node) ?? (outer === 'other' ? (matching(outerRules, node) ?? outer) : outer);
    found.set(node.id, stage);
    for (const child of node.children ?? []) visit(byId.get(child)!, stage);
  };
  const [root] = nodes;
  if (root !== undefined) visit(root, 'other');
  return found;
}

const ownStage = (node: ProfileNode): Found | undefined =>
  node.callFrame.url === '' ? stageOfPart.get(node.callFrame.functionName) : matching(stageRules, node);

const matching = (rules: typeof stageRules, { callFrame: { functionName, url } }: ProfileNode): Stage | undefined =>
  rules.find(({ file, functions }) => file.test(url) && functions?.test(functionName) !== false)?.stage;

const frameOf = ({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string =>
  `${functionName || '(anonymous)'} ${url.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '')}:${lineNumber + 1}`;
