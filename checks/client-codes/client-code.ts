import type { Language } from '../../engine/model.ts';

type Text = Readonly<Record<Language, string>>;

/** A code that a Windows client shows when a VPN connection fails. */
export type ClientCode = Readonly<{
  /** A RAS code in decimal (`809`), or an HRESULT (`0x800B0109`), in capitals but for the x. */
  code: string;
  /** Its name in raserror.h or winerror.h. */
  symbol: string;
  /** What Windows means by it. */
  meaning: Text;
  /** What usually causes it where SSTP is dialled, or whose it is instead. */
  cause: Text;
  /** The situation of KB947031 whose steps find the cause. */
  situation?: string;
  /** False where only another type of tunnel can fail with it. */
  isSstp: boolean;
}>;

/** English and Japanese. */
type Both = readonly [en: string, ja: string];
const text = ([en, ja]: Both): Text => ({ en, ja });

/** A code that SSTP clients show. */
export const code = (code: string, symbol: string, meaning: Both, cause: Both, situation?: string): ClientCode => ({
  code,
  symbol,
  meaning: text(meaning),
  cause: text(cause),
  ...(situation && { situation }),
  isSstp: true,
});

/** A code of another type of tunnel. */
export const foreign = (code: string, symbol: string, meaning: Both, tunnel: string): ClientCode => ({
  code,
  symbol,
  meaning: text(meaning),
  cause: {
    en: `not SSTP: only ${tunnel} fails with it, so the connection did not use SSTP`,
    ja: `SSTP のエラーではない。${tunnel} だけで発生するため、接続に SSTP が使用されていない`,
  },
  isSstp: false,
});
