/** One attempt of a call, from when it leaves until it has ended. */
export interface TracedAttempt {
  /** Headers to send along, so that the upstream's own trace goes on from this one. */
  readonly headers: Readonly<Record<string, string>>;
  /** Says what is called, in the vendor's words and without ids. */
  named(name: string): void;
  ended(outcome: string): void;
}

/** Follows the attempts that an operation makes, or the gateway by itself. */
export interface CallTrace {
  /** `null` where attempts are only counted. */
  attempt(upstream: string): TracedAttempt | null;
}
