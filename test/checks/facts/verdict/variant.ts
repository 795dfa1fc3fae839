import type { Kind } from '../../../../checks/facts/read/verdict/conditions.ts';
import { evaluate, type Verdict } from '../../../../checks/facts/read/verdict/evaluate.ts';
import { observedAt } from '../../../server/healthy.ts';
import { type Authority, issuing, leaf, type Made, root } from '../../../server/pki.ts';
import { downloadFrom, HEALTHY, type Web } from './web.ts';

/** One certificate as a server could show it, and what a Windows client makes of it. */
export type Variant = Readonly<{
  name: string;
  /** What the server sends, its own certificate first. */
  sent: readonly Made[];
  /** What the client dials. */
  dialled: string;
  roots: readonly Authority[];
  web: Web;
  /** The code shown first; absent where it is accepted, or where nobody can say. */
  code?: string;
  alternatives: readonly string[];
  /** The problems, in the order in which they are reported. */
  problems: readonly Kind[];
  /** What stays open. */
  open: readonly Kind[];
  weaknesses: number;
  /** Why OpenSSL is documented to say something else. */
  apart?: string;
}>;

type Given = Partial<Omit<Variant, 'name' | 'sent'>> & { sent?: readonly Made[]; leaf?: Parameters<typeof leaf>[0] };

/** A variant of the healthy server: without more, it sends its certificate and the issuing authority. */
export const variant = async (name: string, { sent, leaf: options, web = {}, ...given }: Given): Promise<Variant> => ({
  name,
  sent: sent ?? [await leaf({ ocsp: [], ...options }), issuing],
  dialled: 'vpn.example.com',
  roots: [root],
  alternatives: [],
  problems: [],
  open: [],
  weaknesses: 0,
  ...given,
  web: { ...HEALTHY, ...web },
});

export const verdictOn = ({ sent, dialled, roots, web }: Variant): Promise<Verdict> =>
  evaluate(
    sent.map(({ der }) => new Uint8Array(der)),
    {
      name: dialled,
      at: observedAt,
      trustedRoots: roots.map(({ der }) => new Uint8Array(der)),
      download: downloadFrom(web),
    },
  );
