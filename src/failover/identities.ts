/** Whether the system under an upstream's name is still the first one. */
export type IdentityFound =
  { readonly holds: true; readonly identity: string } | { readonly holds: false; readonly detail: string };

/** The system behind each upstream: fixed at its first read, which is at the start if the upstream answers. */
export interface Identities {
  /** `read` asks the upstream now; its failure is thrown. */
  check(upstream: string, read: () => Promise<string>): Promise<IdentityFound>;
  /** The identity at the first answer; `null` if there was none yet. */
  pinned(upstream: string): string | null;
}

export const createIdentities = (): Identities => {
  const pinned = new Map<string, string>();
  return {
    pinned: (upstream) => pinned.get(upstream) ?? null,
    check: async (upstream, read) => {
      const identity = await read();
      const first = pinned.get(upstream) ?? identity;
      pinned.set(upstream, first);
      return first === identity
        ? { holds: true, identity }
        : { holds: false, detail: `${upstream} was ${first} and is now ${identity}: it is another system.` };
    },
  };
};
