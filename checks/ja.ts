import type { CheckNote } from '../engine/model.ts';
import { ja as binding } from './binding/ja.ts';
import { ja as certificate } from './certificate/ja.ts';
import { ja as client } from './client/ja.ts';
import { ja as events } from './events/ja.ts';
import { ja as firewall } from './firewall/ja.ts';
import { ja as reach } from './reach/ja.ts';
import { ja as rras } from './rras/ja.ts';
import { ja as service } from './service/ja.ts';
import { ja as sstp } from './sstp/ja.ts';
import { ja as tls } from './tls/ja.ts';

/** What is translated of a check; the rest falls back to English. */
type Prose = Pick<CheckNote, 'title' | 'why' | 'fix'>;

/** Japanese prose, by check id. */
export const ja: Readonly<Record<string, Prose>> = {
  ...service,
  ...rras,
  ...sstp,
  ...binding,
  ...certificate,
  ...firewall,
  ...tls,
  ...events,
  ...reach,
  ...client,
};
