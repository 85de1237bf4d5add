import type { Metadata } from 'next';
import { TensorPage } from '../../../tensors/tensor-page.tsx';

interface Route {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Route): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params }: Route) {
  const name = decodeURIComponent((await params).name);
  return <TensorPage key={name} name={name} />;
}
