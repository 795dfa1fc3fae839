# The forced command of the bench's SSH servers: answers from a recorded server, to all competitors alike.
# It takes a line of questions in the form SNAP/1 (engine/snap.ts), or a single command. Argument: a folder with a file of
# answers for each server, named after its address: for each answer a line "exit code, bytes on stdout, bytes on stderr,
# command" with tabs, then an empty line, then the bytes of all answers in the same order.
use strict;
use warnings;

my (%answers, $at);
my $address = (split / /, $ENV{SSH_CONNECTION})[2];
open my $file, '<:raw', "$ARGV[0]/$address" or die "$ARGV[0]/$address: $!";
my $text = do { local $/; <$file> };
my $end = index $text, "\n\n";
$at = $end + 2;
for (split /\n/, substr $text, 0, $end) {
  my ($code, $out, $err, $command) = split /\t/, $_, 4;
  $answers{$command} = [substr($text, $at, $out), substr($text, $at + $out, $err), $code];
  $at += $out + $err;
}

sub answer { $answers{$_[0]} // ['', "no such answer: $_[0]\r\n", 9009] }

my $line = $ENV{SSH_ORIGINAL_COMMAND} // '';
my ($said, $complained, $code) = ('', '', 0);
if ($line =~ m{^cmd\.exe /d }) {
  $line =~ s/\^([&|<>])/$1/g;
  my %set = $line =~ /[&"]set (\w+)=([^&]*)(?=&)/g;
  my $sign = $set{n};
  while ($line =~ /echo !n!0:(\d+)::&>&2 echo !n!0:\1::&\(call \)&(.*?)&echo !n!1:\1:/g) {
    my ($id, $command) = ($1, $2);
    $command =~ s/!(\w+)!/$set{$1}/g;
    my ($out, $err, $exit) = @{answer($command)};
    $said .= "${sign}0:$id\::\r\n$out${sign}1:$id:$exit\::\r\n";
    $complained .= "${sign}0:$id\::\r\n$err${sign}1:$id\::\r\n";
  }
} else {
  ($said, $complained, $code) = @{answer($line)};
}
binmode STDOUT;
binmode STDERR;
print STDOUT $said;
print STDERR $complained;
exit($code & 255);
