import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { whyUnwritten } from '../domain/file-failure.js';

const MODE = 0o600; // who pressed what is nobody else's business
const NEWLINE = 10;
const CHUNK_BYTES = 65_536;
const LONGEST_LINE_BYTES = 1_048_576; // beyond that it is no record of ours, and is not held until it ends

/** Opens for one use: by its path each time, so that a rotated file is left alone. */
const using = async <T>(path: string, flags: string, use: (file: FileHandle) => Promise<T>): Promise<T> => {
  const file = await open(path, flags, MODE);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
};

/** Throws an `Error` for a file that records cannot be added to. Makes it where it does not exist. */
export const checkAuditFile = async (path: string): Promise<void> => {
  const isPlain = await using(path, 'a+', async (file) => (await file.stat()).isFile()).catch((error: unknown) => {
    throw new Error(`audit.file: cannot be written: ${whyUnwritten(error)}`);
  });
  if (!isPlain) throw new Error('audit.file: cannot be written: it is no plain file'); // a pipe holds nothing to read
};

/** A new file is on disk when its folder's entry is. Not every system lets a folder be opened. */
const syncFolder = (path: string): Promise<void> =>
  using(dirname(path), 'r', (folder) => folder.sync()).catch(() => undefined);

const endsInLine = async (file: FileHandle, size: number): Promise<boolean> => {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === NEWLINE;
};

/** Adds a line; it is on disk when this resolves. What a crash left half written is ended first. */
export const appendLine = (path: string, line: string): Promise<void> =>
  using(path, 'a+', async (file) => {
    const { size } = await file.stat();
    const torn = size > 0 && !(await endsInLine(file, size));
    await file.appendFile(`${torn ? '\n' : ''}${line}\n`);
    await file.sync();
    if (size === 0) await syncFolder(path);
  });

/**
 * Reads on where it stopped: each call gives every whole line that was added since, by whomever. Another file under the
 * path, or a shorter one, is read from its beginning; what was rotated away unread is not known. No file is no line.
 */
export const createLineReader = (path: string, take: (line: string) => void): (() => Promise<void>) => {
  let known = '';
  let offset = 0; // after the last whole line

  const readOn = async (file: FileHandle): Promise<void> => {
    const { dev, ino, birthtimeMs, size } = await file.stat();
    const identity = `${dev}:${ino}:${birthtimeMs}`; // an inode alone may be another file's by now
    if (identity !== known || size < offset) offset = 0;
    known = identity;
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let rest = Buffer.alloc(0);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, offset + rest.length);
      if (bytesRead === 0) return;
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const lines = rest.lastIndexOf(NEWLINE) + 1;
      const whole = lines === 0 && rest.length > LONGEST_LINE_BYTES ? rest.length : lines;
      for (const line of rest.toString('utf8', 0, whole).split('\n')) if (line !== '') take(line);
      rest = rest.subarray(whole);
      offset += whole;
    }
  };

  let last = Promise.resolve();
  return () => {
    const read = last.then(() =>
      using(path, 'r', readOn).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      }),
    );
    last = read.catch(() => undefined); // who asked has been told
    return read;
  };
};
