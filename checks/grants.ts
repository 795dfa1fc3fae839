/**
 * What lets an account read what it was refused. Belief, all of it: nothing of this has run on Windows.
 * Sources: transports 6; windows-facts 13.4; Win32-OpenSSH issue 1767 for services.
 */
import type { Language } from '../engine/model.ts';

export type Grant = Readonly<{
  says: Readonly<Record<Language, string>>;
  /** What an administrator types on the server, line by line. */
  type: readonly string[];
  /** The questions that it helps. */
  questions: readonly string[];
}>;

/** An answer, and what is said of the fact that rests on it. */
export type Refused = Readonly<{ command: string; exitCode: number | null; detail: string }>;

const ACCESS_DENIED = 5;
const NOT_READ = 1;

/** Each grant that would help with one of the answers, once; none for an answer that is no refusal. `account` is who asked. */
export const grantsFor = (answers: readonly Refused[], account: string): readonly Grant[] => {
  const of = (program: string) => answers.filter(({ command }) => command.startsWith(`${program} `));
  const denied = ({ exitCode }: Refused) => exitCode === ACCESS_DENIED;
  const failed = ({ exitCode }: Refused) => exitCode !== 0 && exitCode !== null;
  return [
    ...one(of('sc.exe').filter(denied), (questions) => services(questions)),
    ...one(of('wevtutil.exe').filter(denied), () => eventLogs(account)),
    ...one(of('netsh.exe').filter(failed), () => administrator(account)),
    ...keysIn(of('reg.exe')).flatMap((key) =>
      one(
        of('reg.exe').filter((refused) => isRefused(refused, key)),
        () => registryKey(key, account),
      ),
    ),
  ];
};

type Help = Omit<Grant, 'questions'>;

const one = (refused: readonly Refused[], help: (questions: readonly string[]) => Help): readonly Grant[] => {
  const questions = [...new Set(refused.map(({ command }) => command))];
  return questions.length === 0 ? [] : [{ ...help(questions), questions }];
};

/** The service control manager lets interactive users and services ask, and no one else over a network. */
const services = (questions: readonly string[]): Help => ({
  says: {
    en: 'Let the account query these services: in a session over the network only administrators may. D:... and S:... stand for what sdshow shows, SID for what whoami.exe /user says of the account.',
    ja: '次のサービスの照会をアカウントに許可します。ネットワーク経由のセッションでは、既定で管理者だけが照会できます。D:... と S:... は sdshow の表示内容、SID はそのアカウントで実行した whoami.exe /user の結果に置き換えてください。',
  },
  type: [
    'sc.exe sdshow scmanager',
    'sc.exe sdset scmanager "D:...(A;;CCLCRPRC;;;SID)S:..."',
    ...[...new Set(questions.map((question) => question.split(' ')[2]))].flatMap((name) => [
      `sc.exe sdshow ${name}`,
      `sc.exe sdset ${name} "D:...(A;;CCLCSWLOCRRC;;;SID)S:..."`,
    ]),
  ],
});

const eventLogs = (account: string): Help => ({
  says: {
    en: 'Make the account a member of Event Log Readers (S-1-5-32-573; the name of the group depends on the language).',
    ja: 'アカウントを Event Log Readers グループ (S-1-5-32-573。グループ名は言語によって異なります) に追加します。',
  },
  type: [`net.exe localgroup "Event Log Readers" "${account}" /add`],
});

const administrator = (account: string): Help => ({
  says: {
    en: 'HTTP.sys tells this to administrators only. Better than to make the account one: pin it to collect.cmd (ForceCommand), or let it in through JEA; see engine/transports/README.md. Otherwise:',
    ja: 'HTTP.sys はこの情報を管理者にしか返しません。アカウントを管理者にするよりも、collect.cmd に固定する (ForceCommand) か、JEA を使用することをお勧めします (engine/transports/README.md を参照)。管理者にする場合:',
  },
  type: [`net.exe localgroup Administrators "${account}" /add`],
});

const registryKey = (key: string, account: string): Help => {
  const path = key.replace(/^HKLM\\/, 'HKLM:\\');
  return {
    says: {
      en: `Let the account read ${key} and what is below it (Windows PowerShell).`,
      ja: `アカウントに ${key} とその下位キーの読み取りを許可します (Windows PowerShell)。`,
    },
    type: [
      `$acl = Get-Acl '${path}'`,
      `$acl.AddAccessRule((New-Object Security.AccessControl.RegistryAccessRule '${account}', 'ReadKey', 'ContainerInherit', 'None', 'Allow'))`,
      `Set-Acl '${path}' $acl`,
    ],
  };
};

const keyIn = (command: string): string => {
  const [, quoted, plain = ''] = /^reg\.exe query (?:"([^"]+)"|(\S+))/.exec(command) ?? [];
  return quoted ?? plain;
};
const keysIn = (answers: readonly Refused[]): readonly string[] => [
  ...new Set(answers.map(({ command }) => keyIn(command))),
];

/** reg.exe ends with 1 for a key that is not there, too: a refusal is one that the fact speaks of. */
const isRefused = ({ command, exitCode, detail }: Refused, key: string): boolean =>
  exitCode === NOT_READ && keyIn(command) === key && speaksOf(detail, key);

/** The key itself, not one whose name goes on. */
const speaksOf = (detail: string, key: string): boolean =>
  detail
    .split(key)
    .slice(1)
    .some((rest) => !/^[\w\\]/.test(rest));
