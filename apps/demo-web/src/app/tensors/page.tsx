import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Tensors' };

export default function Page() {
  return (
    <main>
      <h1>Tensors</h1>
    </main>
  );
}
