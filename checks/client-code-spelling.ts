import { codeOfMessage } from './client-code-messages.ts';
import { CLIENT_CODES } from './client-codes.ts';

/** The RAS codes of Windows, of three digits, and those of IKE, of five: both are known in decimal. */
const isDecimal = (number: number): boolean =>
  (number >= 600 && number <= 999) || (number >= 13_800 && number <= 13_999);

const SYMBOLS: ReadonlyMap<string, string> = new Map(
  CLIENT_CODES.map(({ symbol, code }) => [symbol.toUpperCase(), code]),
);
const KNOWN: ReadonlySet<string> = new Set(CLIENT_CODES.map(({ code }) => code));

/** HRESULTs of failures begin with 8. */
const LOWEST = 0x80000000;
const HIGHEST = 0x8fffffff;
const FROM_WIN32 = 0x8007;

const hresult = (number: number): string => `0x${number.toString(16).toUpperCase().padStart(8, '0')}`;

/** Windows wraps some of these in an HRESULT; other numbers of that size are Win32 errors. */
const wrappedIn = (number: number): string | undefined => {
  const ras = String(number & 0xffff);
  return number >>> 16 === FROM_WIN32 && KNOWN.has(ras) && !KNOWN.has(hresult(number)) ? ras : undefined;
};

/** One way of writing a number, and the number of 32 bits that it stands for. */
type Spelling = Readonly<{ pattern: RegExp; read(digits: string): number }>;

/** In this order. Source: kb947031 section 1. */
const SPELLINGS: readonly Spelling[] = [
  { pattern: /^0x([0-9a-f]{1,8})$/i, read: (digits) => Number.parseInt(digits, 16) },
  // No known code has a decimal value of eight digits.
  { pattern: /^(8[0-9a-f]{7})$/i, read: (digits) => Number.parseInt(digits, 16) },
  { pattern: /^(\d{3}|13[89]\d\d)$/, read: Number },
  { pattern: /^(-\d{10})$/, read: (digits) => Number(digits) + 2 ** 32 },
  { pattern: /^(\d{10})$/, read: Number },
];

const codeOf = (number: number): string | undefined => {
  if (isDecimal(number)) return String(number);
  return number >= LOWEST && number <= HIGHEST ? (wrappedIn(number) ?? hresult(number)) : undefined;
};

/** The code that a word stands for. */
const wordAsCode = (word: string): string | undefined => {
  const symbol = SYMBOLS.get(word.toUpperCase());
  if (symbol) return symbol;
  for (const { pattern, read } of SPELLINGS) {
    const digits = pattern.exec(word)?.[1];
    if (digits !== undefined) return codeOf(read(digits));
  }
};

/** GUIDs hold groups of eight digits; a number beside a point, a colon or a comma and a digit is a part of another one. */
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const WORD = /(?<![\w-])(?<!\d[.:,])-?\w+(?![\w-])(?![.:,]\d)/g;

/**
 * The code in what an administrator types or pastes: `809`, or an HRESULT such as `0x800B0109`, in the spelling of
 * `ClientCode.code`; `undefined` where there is none. It need not be a known one. In a text the first known one counts,
 * else the one that its words are the message of, else the first.
 */
export const readClientCode = (text: string): string | undefined => {
  // Full-width digits become plain ones, as does the minus sign of typographers.
  const plain = text.normalize('NFKC').replaceAll('\u2212', '-').trim();
  const whole = wordAsCode(plain);
  if (whole) return whole;
  const codes = [...plain.replace(GUID, ' ').matchAll(WORD)].flatMap(([word]) => wordAsCode(word) ?? []);
  return codes.find((code) => KNOWN.has(code)) ?? codeOfMessage(plain) ?? codes[0];
};

/** Every way in which Windows and its administrators write a code: as it is, and an HRESULT in decimal, too. */
export const spellingsOf = (code: string): readonly string[] => {
  const number = Number(code);
  const digits = number.toString(16);
  if (isDecimal(number)) return [code, `0x${digits.toUpperCase()}`, `0x${digits}`];
  return [code, `0x${digits}`, digits.toUpperCase(), digits, String(number - 2 ** 32), String(number)];
};
