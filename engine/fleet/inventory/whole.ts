import { open } from 'node:fs/promises';
import { readText, type Text, type Trouble, textOf } from '../../document/source.ts';
import { fileTrouble } from '../../file-trouble.ts';

/** Reads a file, a pipe (`/dev/fd/63`) or, for `-`, standard input. */
export const readWhole = async (file: string, largest: number): Promise<Text | Trouble> => {
  if (file === '-') return readStream(process.stdin, { file: 'standard input', largest });
  const handle = await open(file).catch(() => undefined);
  const isPipe = await handle?.stat().then((found) => found.isFIFO());
  if (!handle || !isPipe) {
    await handle?.close();
    return readText(file, largest);
  }
  return readStream(handle.createReadStream(), { file, largest });
};

type About = Readonly<{ file: string; largest: number }>;

const readStream = async (stream: AsyncIterable<Uint8Array>, { file, largest }: About): Promise<Text | Trouble> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > largest) return { trouble: `${file} is larger than ${largest} bytes`, absent: false };
      chunks.push(chunk);
    }
    return textOf(Buffer.concat(chunks), { file, folder: '.' });
  } catch (cause) {
    return { trouble: `${file} cannot be read: ${fileTrouble(cause)}`, absent: false };
  }
};
