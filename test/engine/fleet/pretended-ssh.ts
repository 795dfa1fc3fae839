/** A program named ssh that leads to pretended servers: what a server is called says how it behaves. */
import { chmod, copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { healthyNow, questionsOf, writeAnswers } from '../../../ci/bench/recorded.ts';

const ANSWERER = path.join(import.meta.dirname, '../../../ci/bench/server.pl');

/**
 * Writes the program into a folder, which is to be put at the front of PATH. Servers answer like a healthy one after up to
 * `mostMs`; hung ones never do, refused ones do not let in, gone ones have no route, flaky ones only the second time.
 */
export const pretendSsh = async (folder: string, mostMs = 300): Promise<string> => {
  const [bin, answers, seen] = ['bin', 'answers', 'seen'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [bin, answers, seen]) await mkdir(one, { recursive: true });
  made ??= healthyAnswers();
  await copyFile(await made, path.join(answers, 'healthy'));
  // One process, where a shell would start three more for each question.
  const script = `#!/usr/bin/perl
use strict;
exit 0 if $ARGV[0] eq '-V';
my ($host, $line) = @ARGV[-2, -1];
open my $calls, '>>', '${seen}/calls' or die $!;
print $calls "$host\\n";
close $calls;
sub fail { print STDERR "$_[0]\\n"; exit 255 }
exec 'sleep', '600' if $host =~ /^hung/;
fail("admin\\@$host: Permission denied (publickey).") if $host =~ /^refused/;
fail("ssh: connect to host $host port 22: No route to host") if $host =~ /^gone/;
fail("ssh: connect to host $host port 22: Connection timed out") if $host =~ /^flaky/ && mkdir "${seen}/$host";
select undef, undef, undef, int(rand ${mostMs}) / 1000;
@ENV{'SSH_ORIGINAL_COMMAND', 'SSH_CONNECTION'} = ($line, 'client 1 healthy 22');
@ARGV = ('${answers}');
do '${ANSWERER}';
die $@ || $!;
`;
  await writeFile(path.join(bin, 'ssh'), script);
  await chmod(path.join(bin, 'ssh'), 0o755);
  return bin;
};

/** What a healthy server answers is the same in all folders of a file of tests: making it takes an audit. */
let made: Promise<string> | undefined;
const healthyAnswers = async (): Promise<string> => {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-answers-')), 'healthy');
  const server = await healthyNow(0);
  const { questions } = await questionsOf(server);
  await writeAnswers(
    file,
    server,
    questions.map(({ command }) => command),
  );
  return file;
};
