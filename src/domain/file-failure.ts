const sentences: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a directory',
  ENOTDIR: 'its folder does not exist',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
};

const fileFailure = (error: unknown, missing: string): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return missing;
  return sentences[code] ?? (code === '' ? 'it could not be used' : `it failed with ${code}`);
};

/** The reason a file could not be read, without its path. */
export const whyUnread = (error: unknown): string => fileFailure(error, 'there is no such file');

/** The reason a file could not be opened or written, without its path. The file is created if it is missing. */
export const whyUnwritten = (error: unknown): string => fileFailure(error, 'its folder does not exist');
