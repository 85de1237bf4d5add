import type { Metadata } from 'next';
import { TaskPage } from '../../../task/task-page.tsx';

interface Route {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Route): Promise<Metadata> {
  return { title: (await params).name };
}

export default async function Page({ params }: Route) {
  const { name } = await params;
  return <TaskPage key={name} name={name} />;
}
