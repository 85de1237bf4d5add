import type { Connection } from '../calls/connection.ts';

export interface TensorModel {
  infer(): Promise<never>;
}
export const tensorModel = (_connection: Connection, _model: string): TensorModel => ({
  infer: () => Promise.reject(new Error('later')),
});
