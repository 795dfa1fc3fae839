/** The role capability, as far as it can be read without PowerShell. */
import test from 'ava';
import { everyQuestion } from '../../engine/cli/questions.ts';
import { collectorScript } from '../../engine/collector.ts';
import { roleCapability } from '../../engine/jea.ts';

const questions = await everyQuestion();
const text = roleCapability(questions, '0.1.0');
/** Without comments: none of our lines holds a # elsewhere. */
const code = text.replace(/^\s*#.*$/gm, '');

test('every question is in it, once, as a constant, and no other', (t) => {
  const constants = [...code.matchAll(/^ {16}'((?:[^']|'')*)'\r$/gm)].map(([, constant = '']) =>
    constant.replaceAll("''", "'"),
  );
  t.deepEqual(
    constants,
    questions.map(({ command }) => command),
  );
  t.true(constants.length > 60);
});

test('one function is visible, and nothing else', (t) => {
  const keys = [...code.matchAll(/^ {4}(\w+) =/gm)].map(([, key]) => key);
  t.deepEqual(keys, ['GUID', 'Author', 'Description', 'VisibleFunctions', 'FunctionDefinitions']);
  t.regex(code, /^ {4}VisibleFunctions = 'Get-SstpAuditSnapshot'\r$/m);
  t.deepEqual(
    [...code.matchAll(/^ {8}(\w+) =/gm)].map(([, key]) => key),
    ['Name', 'ScriptBlock'],
  );
});

test('the function takes nothing from who calls it, and runs nothing but its questions', (t) => {
  const [, body = ''] = /ScriptBlock = \{([\s\S]*)\n {8}\}/.exec(code) ?? [];
  const [, questionless = ''] = /\n {12}\)([\s\S]*)/.exec(body) ?? [];
  t.deepEqual(
    [...questionless.matchAll(/param\(.*\)/g)].map(([found]) => found),
    ['param($stream, $text)'],
  );
  t.notRegex(questionless, /\$args|\$input|\$PSBoundParameters|Invoke-|Get-|Set-|New-|Start-|iex|cmd\.exe/i);
  t.is([...questionless.matchAll(/\[Diagnostics\.Process\]::Start/g)].length, 1);
});

test('what it prints can be imported as what collect.cmd prints: same marks, same list', (t) => {
  const [list] = /::%N%:7:(\d{18})::/.exec(collectorScript(questions, '0.1.0'))?.slice(1) ?? [];
  t.true(code.includes(`"::\${nonce}:7:${list}::"`));
  for (const mark of ['8:1', '0:ID', '1:ID', '1:ID:$($process.ExitCode)', '9:ID'])
    t.true(code.includes(`::\${nonce}:${mark.replace('ID', '$' + '{id}')}::`), mark);
});

test('it is a text that Windows PowerShell reads in any language, tells how to register it, and that it was never run', (t) => {
  t.regex(text, /^[\x20-\x7e\r\n]*$/);
  t.false(/[^\r]\n/.test(text));
  t.false(text.includes('{{'));
  for (const [open, close] of ['{}', '()', '[]'])
    t.is(code.split(open ?? '').length, code.split(close ?? '').length, open);
  for (const told of [
    'NEVER RUN ON WINDOWS',
    'Register-PSSessionConfiguration',
    'RestrictedRemoteServer',
    'NoLanguage',
  ])
    t.true(text.includes(told), told);
});
