/** The collector's batch file, run as cmd.exe would run it against a pretended server, and read again. */
import test from 'ava';
import { services } from '../../checks/facts/services.ts';
import { sstpParameters } from '../../checks/facts/sstp-parameters.ts';
import { refusalOf } from '../../engine/allowed.ts';
import { everyQuestion } from '../../engine/cli/questions.ts';
import { collected, collectorScript, isCollected, readCollected } from '../../engine/collector.ts';
import { gather } from '../../engine/gather.ts';
import { LIMITS } from '../../engine/limits.ts';
import { questionsOf } from '../../engine/questions.ts';
import { healthy, observedAt } from '../server/healthy.ts';
import { answer, type Server } from '../server/state.ts';

const questions = await questionsOf([sstpParameters, services]);
/** The answers, of what is known to be readable. */
const answersIn = (streams: { stdout: Buffer; stderr: Buffer }) => {
  const answers = readCollected(streams, commands, AT);
  if ('message' in answers) throw new Error(answers.message);
  return answers;
};
const commands = questions.map(({ command }) => command);
const script = collectorScript(questions, '0.1.0');
const AT = observedAt.toISOString();

/** What cmd.exe prints for the part of the script that asks. */
const played = (text: string, server: Server): { stdout: Buffer; stderr: Buffer } => {
  const out = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  let exitCode = 0;
  const [, asking = ''] = text.split(':ask\r\n');
  for (const line of asking.split('\r\n').filter((one) => one !== '' && !/^(rem|set|exit) /.test(one))) {
    const [, redirected, said] = /^(>&2 )?echo (.*)$/.exec(line) ?? [];
    if (line === '(call )') exitCode = 0;
    else if (said !== undefined) {
      const printed = said.replaceAll('%N%', '123456789012345678').replaceAll('%errorlevel%', String(exitCode));
      out[redirected ? 'stderr' : 'stdout'].push(Buffer.from(`${printed}\r\n`));
    } else {
      const { stdout, stderr, exitCode: ended } = answer(server, line);
      out.stdout.push(stdout);
      out.stderr.push(stderr);
      exitCode = ended;
    }
  }
  return { stdout: Buffer.concat(out.stdout), stderr: Buffer.concat(out.stderr) };
};

test('the batch file holds every question as it is, says whom it serves, and ends its lines as cmd.exe wants', (t) => {
  for (const { command, rights } of questions) {
    t.true(script.includes(`\r\n${command}\r\n`), command);
    t.is(refusalOf(command), undefined);
    for (const right of rights) t.true(script.includes(right));
  }
  t.false(/[^\r]\n/.test(script));
  t.false(/[^\x20-\x7e\r\n]/.test(script), 'ASCII only');
});

test('every question of every check stands in it as it is: no line is too long, and nothing in a remark is read by cmd.exe', async (t) => {
  const all = await everyQuestion();
  const whole = collectorScript(all, '0.1.0').split('\r\n');
  for (const { command } of all) t.is(whole.filter((line) => line === command).length, 1, command);
  for (const line of whole) {
    t.true(line.length < LIMITS.lineCharacters);
    if (line.startsWith('rem ')) t.notRegex(line, /[%^&|<>]/);
  }
});

test.serial('the questions are the same however often they are listed', async (t) => {
  const all = await everyQuestion();
  for (let round = 1; round <= 3; round++) t.deepEqual(await everyQuestion(), all, `round ${round}`);
});

test('what it prints gives the same readings as asking the server', async (t) => {
  const server = healthy({ language: 'ja', alias: 'イーサネット' });
  const streams = played(script, server);
  t.true(isCollected(streams));
  const transport = collected(answersIn(streams), observedAt);
  const options = { signal: new AbortController().signal, keep: async () => {} };
  const { readingOf, codePage } = await gather({ server: transport }, [sstpParameters, services], options);
  t.like(readingOf(sstpParameters), { known: true, value: { port: 443, https: true } });
  t.like(readingOf(services), { known: true, value: { SstpSvc: { state: 'RUNNING' } } });
  t.is(codePage, 932);
});

test('an answer that was cut off is truncated, and those before it are whole', (t) => {
  const { stdout, stderr } = played(script, healthy());
  const cut = answersIn({ stdout: stdout.subarray(0, stdout.length >> 1), stderr });
  t.is(cut[0]?.missing, undefined);
  t.is(cut.at(-1)?.missing?.reason, 'truncated');
});

test('answers to other questions, swapped files and other files are not read', (t) => {
  const { stdout, stderr } = played(script, healthy());
  const reading = (out: Buffer, err: Buffer, list = commands) => readCollected({ stdout: out, stderr: err }, list, AT);
  t.like(reading(stdout, stderr, commands.toReversed()), {
    message: 'this was collected with the questions of another version',
  });
  for (const foreign of [
    reading(stderr, stdout),
    reading(Buffer.from('hello'), stderr),
    reading(stdout, Buffer.alloc(0)),
  ])
    t.like(foreign, { message: 'this is not the output of collect.cmd' });
});
