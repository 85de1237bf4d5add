import type { Metadata } from 'next';
import { TensorList } from '../../tensors/tensor-list.tsx';

export const metadata: Metadata = { title: 'Tensors' };

export default function Page() {
  return <TensorList />;
}
