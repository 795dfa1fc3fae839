import type { ExecutionContext } from 'ava';
import { whyNoNode } from './console.ts';
import { whyNot } from './stand-in.ts';

type Circumstances = Readonly<{ reason: string | undefined; mustRun: boolean }>;

/**
 * The body of a test or of a hook that needs the stand-in. Where that cannot run, the test says why and passes; but
 * under CI=true it fails.
 */
export const live =
  <Context>(
    body: (t: ExecutionContext<Context>) => Promise<void>,
    { reason, mustRun }: Circumstances = { reason: whyNot(), mustRun: process.env['CI'] === 'true' },
  ) =>
  async (t: ExecutionContext<Context>): Promise<void> => {
    if (reason === undefined) return body(t);
    if (mustRun) return t.fail(reason);
    t.log(`NOT TESTED: ${reason}`);
    t.pass();
  };

/** The same for what also needs a Windows node.exe. */
export const liveWithNode = <Context>(body: (t: ExecutionContext<Context>) => Promise<void>) =>
  live(body, { reason: whyNot() ?? whyNoNode(), mustRun: process.env['CI'] === 'true' });
