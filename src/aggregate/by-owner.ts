/**
 * Two collections: records that count in any case, and records that count only if the upstream that owns them has
 * failed.
 */
interface ByOwner<S> {
  readonly sure: S;
  /** The collection for a record with that owner; `null`: no other upstream returns it. */
  for(owner: string | null): S;
  /** The collections of records owned by these upstreams, which no other upstream has returned. */
  released(upstreams: ReadonlySet<string>): readonly S[];
}

export const createByOwner = <S>(create: () => S): ByOwner<S> => {
  const sure = create();
  const held = new Map<string, S>();
  return {
    sure,
    for: (owner) => {
      if (owner === null) return sure;
      const own = held.get(owner) ?? create();
      held.set(owner, own);
      return own;
    },
    released: (upstreams) => [...held].flatMap(([owner, own]) => (upstreams.has(owner) ? [own] : [])),
  };
};
