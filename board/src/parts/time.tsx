import { ago, when } from '../format.js';
import { useNow } from '../use-query.js';

interface TimeProps {
  readonly at: string | number | null | undefined;
}

/** How long ago, with the moment itself under the pointer. */
export const Ago = ({ at }: TimeProps) => {
  const now = useNow(10);
  if (at === null || at === undefined) return <span>–</span>;
  const iso = typeof at === 'number' ? new Date(at).toISOString() : at;
  return (
    <time dateTime={iso} title={when(at)}>
      {ago(at, now)}
    </time>
  );
};

/** The moment itself, with how long ago under the pointer. */
export const When = ({ at }: { readonly at: string | null | undefined }) => {
  if (at === null || at === undefined) return <span>–</span>;
  return (
    <time dateTime={at} title={ago(at, Date.now())}>
      {when(at)}
    </time>
  );
};
