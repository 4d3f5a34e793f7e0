import { useEffect } from 'react';
import { useAddress } from '../address.ts';
import { NewReplay } from './new-replay.tsx';
import { OneReplay } from './one-replay.tsx';

export default function ReplayPage() {
  const name = useAddress().searchParams.get('name');
  useEffect(() => {
    document.title = 'Replay · Hookline';
  }, []);
  return name === null ? <NewReplay /> : <OneReplay key={name} name={name} />;
}
