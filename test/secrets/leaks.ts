/** The forms that a secret takes on its way: as it is, in a URL, in base64 and beside a user name there, in hexadecimal. */
const formsOf = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret);
  // Within a longer text, base64 has the same letters at one of three places; its first and last are the neighbours'.
  const shifted = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(4, -2),
  );
  return [secret, encodeURIComponent(secret), ...shifted, bytes.toString('base64url'), bytes.toString('hex')];
};

/** The secrets, of these, that the text holds: by name, each with the words around it. */
export const leaksIn = (text: string, secrets: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(secrets).flatMap(([name, secret]) =>
    [...new Set(formsOf(secret))].flatMap((form) => {
      const at = text.indexOf(form);
      return at === -1 ? [] : [`${name}: …${text.slice(Math.max(0, at - 120), at + form.length + 20)}…`];
    }),
  );
