/** What doctor says, in both languages. */
import { plural } from '../../reporters/numbers.ts';
import type { Language } from '../model.ts';
import type { Step, Transport } from '../transports/transport.ts';

type Said = Readonly<Record<Language, string>>;
type StepName = Step['step'];

export const STEP_TITLES: Readonly<Record<StepName, Said>> = {
  folder: { en: 'folder', ja: 'フォルダー' },
  seal: { en: 'seal', ja: '封印' },
  name: { en: 'name', ja: '名前解決' },
  tcp: { en: 'TCP connection', ja: 'TCP 接続' },
  tls: { en: 'TLS', ja: 'TLS' },
  ssh: { en: 'SSH', ja: 'SSH' },
  'host-key': { en: 'host key', ja: 'ホスト キー' },
  'sign-in': { en: 'sign-in', ja: 'サインイン' },
  shell: { en: 'shell', ja: 'シェル' },
  exchange: { en: 'question and answer', ja: '質問と応答' },
};

/** What to do about a step that failed, beside the advice for its reason. */
export const ADVICE: Readonly<Partial<Record<Transport['kind'], Readonly<Partial<Record<StepName, Said>>>>>> = {
  ssh: {
    name: {
      en: 'Look the name up here (nslookup), or write the address in place of the name.',
      ja: 'このコンピューターで名前を確認するか (nslookup)、名前の代わりにアドレスを指定してください。',
    },
    tcp: {
      en: 'On the server: sc.exe query sshd says RUNNING, and a firewall rule lets this machine in.',
      ja: 'サーバーで sc.exe query sshd が RUNNING であること、ファイアウォールの規則でこのコンピューターが許可されていることを確認してください。',
    },
    ssh: {
      en: 'See that an OpenSSH server answers on this port, that nothing stands in between, and that it shares an algorithm with ssh here.',
      ja: 'このポートで OpenSSH サーバーが応答していること、途中に別の装置がないこと、および双方に共通の暗号アルゴリズムがあることを確認してください。',
    },
    'host-key': {
      en: 'Compare the fingerprint with what the server shows at its own console: ssh-keygen.exe -lf C:\\ProgramData\\ssh\\ssh_host_ed25519_key.pub. Only when they are the same, add the key to known_hosts.',
      ja: 'サーバーのコンソールで ssh-keygen.exe -lf C:\\ProgramData\\ssh\\ssh_host_ed25519_key.pub を実行し、指紋を比較してください。一致した場合にのみ、キーを known_hosts に追加します。',
    },
    'sign-in': {
      en: 'Keys of administrators stand in C:\\ProgramData\\ssh\\administrators_authorized_keys, those of others in .ssh\\authorized_keys of their profile; the server ignores files that others may write.',
      ja: '管理者のキーは C:\\ProgramData\\ssh\\administrators_authorized_keys に、その他のユーザーのキーはプロファイルの .ssh\\authorized_keys に置きます。ほかのユーザーが書き込めるファイルは無視されます。',
    },
    shell: {
      en: 'The login shell must be cmd.exe: remove the value DefaultShell of HKLM\\SOFTWARE\\OpenSSH (also where it names cmd.exe, but not as system32\\cmd.exe in small letters), or pin the account to collect.cmd.',
      ja: 'ログイン シェルは cmd.exe でなければなりません。HKLM\\SOFTWARE\\OpenSSH の DefaultShell を削除するか (cmd.exe を指していても、小文字の system32\\cmd.exe でない場合は同様です)、アカウントを collect.cmd に固定してください。',
    },
    exchange: {
      en: 'Where the account is pinned to collect.cmd: make it anew with sstp-audit collector, and copy it to the server.',
      ja: 'アカウントを collect.cmd に固定している場合は、sstp-audit collector で作成し直し、サーバーにコピーしてください。',
    },
  },
  winrm: {
    name: {
      en: 'Look the name up here (nslookup), or write the address in place of the name.',
      ja: 'このコンピューターで名前を確認するか (nslookup)、名前の代わりにアドレスを指定してください。',
    },
    tcp: {
      en: 'On the server: sc.exe query WinRM says RUNNING, winrm.cmd enumerate winrm/config/listener names this port, and a firewall rule lets this machine in.',
      ja: 'サーバーで sc.exe query WinRM が RUNNING であること、winrm.cmd enumerate winrm/config/listener にこのポートがあること、ファイアウォールの規則でこのコンピューターが許可されていることを確認してください。',
    },
    tls: {
      en: 'Name the authority of the certificate (--ca), or compare its SHA-256 at the server itself and write it into the address: ?fingerprint=SHA256.',
      ja: '証明書の証明機関を --ca で指定するか、サーバー上で SHA-256 を確認してアドレスに ?fingerprint=SHA256 と指定してください。',
    },
    'sign-in': {
      en: 'winrm.cmd get winrm/config/service/auth shows on the server which ways to sign in it offers; NTLM takes DOMAIN%5Cuser in the address, Basic a local account, Kerberos the name that the domain uses.',
      ja: 'サーバーで winrm.cmd get winrm/config/service/auth を実行し、許可されている認証方式を確認してください。NTLM ではアドレスに DOMAIN%5Cuser を、基本認証ではローカル アカウントを、Kerberos ではドメインでの名前を指定します。',
    },
    shell: {
      en: 'A remote shell takes an administrator, or an account to which winrm.cmd configSDDL default grants Execute; membership in Remote Management Users does not do.',
      ja: 'リモート シェルには管理者の権限、または winrm.cmd configSDDL default で実行 (Execute) を許可したアカウントが必要です。Remote Management Users のメンバーであるだけでは不十分です。',
    },
  },
  local: {
    shell: {
      en: 'See that ComSpec names cmd.exe, and that policy lets this account run it.',
      ja: 'ComSpec が cmd.exe を指していること、およびポリシーでこのアカウントによる実行が禁止されていないことを確認してください。',
    },
  },
  evidence: {
    seal: {
      en: 'Take the folder again from where it was kept: what differs from its seal proves nothing.',
      ja: '保管先からフォルダーを取り直してください。封印と異なる内容は証拠になりません。',
    },
  },
};

export const WORDS = {
  en: {
    ok: 'ok',
    failed: 'FAILED',
    way: 'The way there',
    learned: (known: number, all: number) => `${known} of ${all} checks can be judged`,
    answered: (answered: number, asked: number) => `${answered} of ${asked} questions answered, if only by a refusal`,
    unknown: 'These checks will be unknown',
    needs: 'the right for it',
    grants: 'What would help (not proven on Windows: read it before you type it)',
    helps: 'for',
    elsewhere: (count: number) =>
      `not asked this way, since they look from outside or from elsewhere: ${plural(count, 'check')}`,
  },
  ja: {
    ok: 'OK',
    failed: '失敗',
    way: '経路',
    learned: (known: number, all: number) => `${all} 件中 ${known} 件のチェックを判定できます`,
    answered: (answered: number, asked: number) => `${asked} 件中 ${answered} 件の質問に応答がありました (拒否を含む)`,
    unknown: '次のチェックは「不明」になります',
    needs: '必要な権限',
    grants: '対処方法 (Windows での動作は未確認です。内容を確認してから実行してください)',
    helps: '対象',
    elsewhere: (count: number) =>
      `ほかの ${count} 件のチェックは外部などから確認するもので、この方法では質問していません`,
  },
} as const satisfies Record<Language, unknown>;
