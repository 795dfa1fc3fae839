import { ja } from '../../checks/ja.ts';
import type { Check } from '../define.ts';
import type { CheckNote, Language } from '../model.ts';

/** What a report tells about a check; what is not translated stays English. */
export const noteOf = (
  { id, title, why, fix, references, situations, clientErrors }: Check,
  language: Language,
): CheckNote => ({
  id,
  title,
  why,
  fix,
  ...(language === 'ja' && ja[id]),
  references,
  situations,
  clientErrors,
});
