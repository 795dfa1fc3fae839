import test from 'ava';
import { hasColour } from '../../../engine/cli/terminal.ts';

const [terminal, pipe] = [{ isTTY: true }, {}];
const coloured = test.macro(
  (t, stream: Readonly<{ isTTY?: boolean }>, env: Readonly<Record<string, string>>, expected: boolean) =>
    t.is(hasColour(stream, env), expected),
);

test('a terminal gets colours', coloured, terminal, { TERM: 'xterm' }, true);
test('a pipe gets none', coloured, pipe, { TERM: 'xterm' }, false);
test('a pipe gets colours that are asked for', coloured, pipe, { FORCE_COLOR: '1' }, true);
test('a terminal that knows no sequences gets none', coloured, terminal, { TERM: 'dumb' }, false);
test('NO_COLOR wins over all', coloured, terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, false);
test('an empty NO_COLOR says nothing', coloured, terminal, { NO_COLOR: '' }, true);
