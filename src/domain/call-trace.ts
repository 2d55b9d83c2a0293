/** One attempt of a call, from when it leaves until it has ended. */
export interface TracedAttempt {
  /** Headers to send along, so that the upstream continues this trace. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sets the name of the call, in the vendor's words and without ids. */
  named(name: string): void;
  ended(outcome: string): void;
}

/** Follows the attempts made for an operation, or by the gateway itself. */
export interface CallTrace {
  /** `null` if attempts are only counted. */
  attempt(upstream: string): TracedAttempt | null;
}
