/** The values of an enum, each with its description. A value without a description does not compile. */
export const described = <Word extends string>(
  descriptions: Readonly<Record<Word, string>>,
): Record<Word, { description: string }> =>
  Object.fromEntries(
    Object.entries<string>(descriptions).map(([word, description]) => [word, { description }]),
  ) as Record<Word, { description: string }>; // `fromEntries` forgets the keys
