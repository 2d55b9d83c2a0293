/** What is gathered for sure, and what counts only if the upstream that owns it turns out to have failed. */
interface ByOwner<S> {
  readonly sure: S;
  /** Where a record with that owner is gathered; `null`: nobody else tells of it. */
  for(owner: string | null): S;
  /** What belongs to these upstreams, which nobody else has told of. */
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
