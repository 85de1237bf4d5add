// What the process that watches and the gateway that it has started tell each other over Node's channel.

/** Of the gateway. */
export type GatewayMessage =
  | { readonly type: 'models'; readonly models: readonly DevelopedModel[] }
  /** `detail` says why the new code does not load. */
  | { readonly type: 'reloaded'; readonly model: string; readonly milliseconds: number; readonly detail?: string };

/** To the gateway. */
export interface ReloadMessage {
  readonly type: 'reload';
  readonly model: string;
}

export interface DevelopedModel {
  readonly name: string;
  /** Path of the module whose default export is the model. */
  readonly path: string;
}
