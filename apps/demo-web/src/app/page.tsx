import { Overview } from '../overview/overview.tsx';

export default function Page() {
  return <Overview />;
}
