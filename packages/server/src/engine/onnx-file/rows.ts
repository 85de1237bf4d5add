import { elementBytes, type TensorSignature } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';

/** Rows are joined and split along the first axis, which every tensor must leave free. */
export const hasRows = ({ inputs, outputs }: TensorSignature): boolean =>
  inputs.length > 0 && [...inputs, ...outputs].every(({ shape, unranked }) => shape[0] === -1 && unranked !== true);

/** How many rows all of these tensors have, or undefined where they differ. */
export function rowsOf(tensors: readonly RawTensor[]): number | undefined {
  const rows = tensors[0]?.head.shape[0];
  return tensors.every(({ head }) => head.shape[0] === rows) ? rows : undefined;
}

/** Tensors with the same key are alike in all but their rows. */
export const rowKey = (tensors: readonly RawTensor[]): string =>
  tensors.map(({ head }) => head.shape.slice(1).join('x')).join(';');

/** One request's rows under another's. All have the same key. */
export function joinRows(requests: readonly (readonly RawTensor[])[]): RawTensor[] {
  return (requests[0] ?? []).map(({ head }, index) => {
    const parts = requests.map((tensors) => tensors[index] as RawTensor);
    const bytes = Buffer.concat(parts.map((part) => part.bytes));
    const rows = parts.reduce((sum, part) => sum + (part.head.shape[0] ?? 0), 0);
    return { head: { ...head, shape: [rows, ...head.shape.slice(1)], byteLength: bytes.byteLength }, bytes };
  });
}

/** Each request's own rows, or undefined where the tensors have not as many rows as were asked for. */
export function splitRows(tensors: readonly RawTensor[], rows: readonly number[]): RawTensor[][] | undefined {
  const total = rows.reduce((sum, one) => sum + one, 0);
  if (tensors.some(({ head }) => head.shape[0] !== total)) return undefined;
  const split = tensors.map((tensor) => cut(tensor, rows));
  return rows.map((_, request) => split.map((parts) => parts[request] as RawTensor));
}

function cut({ head, bytes }: RawTensor, rows: readonly number[]): RawTensor[] {
  const each = head.shape.slice(1);
  const size = elementBytes[head.datatype];
  let start = 0;
  return rows.map((one) => {
    const shape = [one, ...each];
    const end = size === null ? afterTexts(bytes, start, elementCount(shape)) : start + elementCount(shape) * size;
    const part = bytes.subarray(start, end);
    start = end;
    return { head: { ...head, shape, byteLength: part.byteLength }, bytes: part };
  });
}

/** Where so many packed texts end. */
function afterTexts(packed: Uint8Array, start: number, count: number): number {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  let at = start;
  for (let text = 0; text < count; text += 1) at += 4 + view.getUint32(at, true);
  return at;
}
