import { checks } from '../../checks/index.ts';
import type { Server } from '../fleet/listed.ts';
import { Mistake } from '../mistake.ts';
import type { Target } from '../model.ts';
import { type Planned, type Profile, plan } from '../profile.ts';

/** What is judged on a target. */
export type Plans = (target: Target) => readonly Planned[];

type Options = Readonly<{ input: Readonly<Record<string, string>>; only?: readonly string[] }>;

/** Mistakes that are printed: thousands of servers mostly have the same one. */
const MOST_SHOWN = 20;

/** Plans that are remembered; servers of a fleet mostly have the same inputs and tags. */
const MOST_PLANS = 256;

/** Plans are made when they are needed. Targets of which the same is known have one plan: nothing else of them is in it. */
export const plansBy = (profile: Profile, { input, only }: Options): Plans => {
  const isSelected = only ? selection(only) : () => true;
  const made = new Map<string, readonly Planned[]>();
  return (target) => {
    const key = JSON.stringify([target.tags, target.inputs]);
    const planned = made.get(key) ?? plan(profile, target, input).filter(({ check }) => isSelected(check.id));
    if (made.size < MOST_PLANS) made.set(key, planned);
    return planned;
  };
};

/** Throws Mistake, before anything is asked, for inputs that are wrong on some servers, and when nothing would be judged. */
export const soundPlans = async (
  plansFor: Plans,
  servers: readonly Server[],
): Promise<readonly (readonly Planned[])[]> => {
  const wrong = new Map<string, string>();
  const plans: (readonly Planned[])[] = [];
  for (const [at, { target }] of servers.entries()) {
    // Thousands of plans take a while: a signal must be heard meanwhile.
    if (at % 200 === 199) await new Promise((resolve) => setImmediate(resolve));
    plans.push(tried(() => plansFor(target), wrong));
  }
  const [hint] = wrong.values();
  if (hint !== undefined) throw new Mistake(shown([...wrong.keys()]).join('\n'), hint);
  if (plans.every(({ length }) => length === 0)) throw new Mistake('the profile and --only leave no check to run', IDS);
  return plans;
};

const IDS = 'see sstp-audit explain for the ids of all checks';

/** A plan, or none and what is wrong, with its remedy. */
const tried = (make: () => readonly Planned[], wrong: Map<string, string>): readonly Planned[] => {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    for (const line of error.message.split('\n')) wrong.set(line, error.hint);
    return [];
  }
};

const shown = (lines: readonly string[]): readonly string[] =>
  lines.length > MOST_SHOWN ? [...lines.slice(0, MOST_SHOWN), `and ${lines.length - MOST_SHOWN} more mistakes`] : lines;

/** `*` stands for any text: `certificate/*`. Throws Mistake for a pattern that names no check at all. */
const selection = (only: readonly string[]): ((id: string) => boolean) => {
  const patterns = only.map((pattern) => {
    const expression = new RegExp(`^${pattern.split('*').map(literally).join('.*')}$`);
    if (!checks.some(({ id }) => expression.test(id))) throw new Mistake(`--only ${pattern} names no check`, IDS);
    return expression;
  });
  return (id) => patterns.some((pattern) => pattern.test(id));
};

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
