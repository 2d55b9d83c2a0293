import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { whyUnwritten } from '../domain/file-failure.js';

const MODE = 0o600; // only the owner may see who acted
const NEWLINE = 10;
const CHUNK_BYTES = 65_536;
const LONGEST_LINE_BYTES = 1_048_576; // a longer line is not one of our records, and is not read to its end

/** Opens the file for one use, by its path each time, so that a rotated file is not written to. */
const using = async <T>(path: string, flags: string, use: (file: FileHandle) => Promise<T>): Promise<T> => {
  const file = await open(path, flags, MODE);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
};

/** Throws an `Error` if records cannot be appended to the file. Creates it if it does not exist. */
export const checkAuditFile = async (path: string): Promise<void> => {
  const isPlain = await using(path, 'a+', async (file) => (await file.stat()).isFile()).catch((error: unknown) => {
    throw new Error(`audit.file: cannot be written: ${whyUnwritten(error)}`);
  });
  if (!isPlain) throw new Error('audit.file: cannot be written: it is not a regular file'); // a pipe cannot be read back
};

/** A new file is durable only when its folder's entry is. Not every system allows opening a folder. */
const syncFolder = (path: string): Promise<void> =>
  using(dirname(path), 'r', (folder) => folder.sync()).catch(() => undefined);

const endsInLine = async (file: FileHandle, size: number): Promise<boolean> => {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === NEWLINE;
};

/** Appends a line; it is on disk when this resolves. A line that a crash left unfinished is ended first. */
export const appendLine = (path: string, line: string): Promise<void> =>
  using(path, 'a+', async (file) => {
    const { size } = await file.stat();
    const torn = size > 0 && !(await endsInLine(file, size));
    await file.appendFile(`${torn ? '\n' : ''}${line}\n`);
    await file.sync();
    if (size === 0) await syncFolder(path);
  });

/**
 * Continues where it stopped: each call passes every complete line added since, by any process. If the path has another
 * or a shorter file, it starts from the beginning; lines rotated away unread are lost. A missing file has no lines.
 */
export const createLineReader = (path: string, take: (line: string) => void): (() => Promise<void>) => {
  let known = '';
  let offset = 0; // just after the last complete line

  const readOn = async (file: FileHandle): Promise<void> => {
    const { dev, ino, birthtimeMs, size } = await file.stat();
    const identity = `${dev}:${ino}:${birthtimeMs}`; // the system may reuse an inode for another file
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
    last = read.catch(() => undefined); // the caller of that read got its error
    return read;
  };
};
