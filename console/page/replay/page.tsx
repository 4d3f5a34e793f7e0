import { useEffect } from 'react';
import { useAddress } from '../address.ts';
import { Plan } from './plan.tsx';
import { Run } from './run.tsx';

export default function ReplayPage() {
  const name = useAddress().searchParams.get('name');
  useEffect(() => {
    document.title = 'Replay · Hookline';
  }, []);
  return name === null ? <Plan /> : <Run key={name} name={name} />;
}
