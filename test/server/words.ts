/** What Windows says in its own language, as far as the programs that an audit asks say it. */

export type Tongue = 'en' | 'ja' | 'de' | 'fr' | 'es' | 'pt' | 'ru' | 'zh' | 'ko';

type Words = Readonly<{
  /** The code page of the console. */
  codePage: number;
  /** The name of a key's default value, as reg.exe prints it. */
  defaultValue: string;
  /** reg.exe: a key or value that does not exist, one that may not be read, an option that it does not know. */
  absent: string;
  denied: string;
  syntax: string;
  /** Win32 errors 1060 and 5. */
  noService: string;
  noAccess: string;
  /** cmd.exe: a program that does not exist. */
  noProgram(name: string): string;
}>;

const unknownProgram = (name: string): string =>
  `'${name}' is not recognized as an internal or external command,\noperable program or batch file.`;

export const WORDS: Readonly<Record<Tongue, Words>> = {
  en: {
    codePage: 437,
    defaultValue: '(Default)',
    absent: 'ERROR: The system was unable to find the specified registry key or value.',
    denied: 'ERROR: Access is denied.',
    syntax: 'ERROR: Invalid syntax.\nType "REG QUERY /?" for usage.',
    noService: 'The specified service does not exist as an installed service.',
    noAccess: 'Access is denied.',
    noProgram: unknownProgram,
  },
  ja: {
    codePage: 932,
    defaultValue: '(既定)',
    absent: 'エラー: 指定されたレジストリ キーまたは値が見つかりませんでした',
    denied: 'エラー: アクセスが拒否されました。',
    syntax: 'エラー: 構文が正しくありません。\n"REG QUERY /?" と入力すると使用法が表示されます。',
    noService: '指定されたサービスはインストールされたサービスとして存在しません。',
    noAccess: 'アクセスが拒否されました。',
    noProgram: (name) =>
      `'${name}' は、内部コマンドまたは外部コマンド、\n操作可能なプログラムまたはバッチ ファイルとして認識されていません。`,
  },
  de: {
    codePage: 850,
    defaultValue: '(Standard)',
    absent: 'FEHLER: Der angegebene Registrierungsschlüssel bzw. Wert wurde nicht gefunden.',
    denied: 'FEHLER: Zugriff verweigert',
    syntax: 'FEHLER: Ungültige Syntax.\nGeben Sie "REG QUERY /?" ein, um die Syntax anzuzeigen.',
    noService: 'Der angegebene Dienst ist kein installierter Dienst.',
    noAccess: 'Zugriff verweigert',
    noProgram: (name) => `Der Befehl "${name}" ist entweder falsch geschrieben oder\nkonnte nicht gefunden werden.`,
  },
  fr: {
    codePage: 850,
    defaultValue: '(par défaut)',
    absent: "ERREUR : le système n'a pas trouvé la clé ou la valeur de Registre spécifiée.",
    denied: 'ERREUR : Accès refusé.',
    syntax: 'ERREUR : syntaxe non valide.\nEntrez "REG QUERY /?" pour afficher la syntaxe.',
    noService: "Le service spécifié n'existe pas en tant que service installé.",
    noAccess: 'Accès refusé.',
    noProgram: (name) =>
      `'${name}' n'est pas reconnu en tant que commande interne\nou externe, un programme exécutable ou un fichier de commandes.`,
  },
  es: {
    codePage: 850,
    defaultValue: '(Predeterminado)',
    absent: 'ERROR: el sistema no pudo encontrar la clave o el valor de Registro especificados.',
    denied: 'ERROR: Acceso denegado.',
    syntax: 'ERROR: sintaxis no válida.\nEscriba "REG QUERY /?" para obtener detalles de uso.',
    noService: 'El servicio especificado no existe como servicio instalado.',
    noAccess: 'Acceso denegado.',
    noProgram: (name) =>
      `"${name}" no se reconoce como un comando interno o externo,\nprograma o archivo por lotes ejecutable.`,
  },
  pt: {
    codePage: 850,
    defaultValue: '(Padrão)',
    absent: 'ERRO: O sistema não pôde localizar a chave ou o valor do Registro especificado.',
    denied: 'ERRO: Acesso negado.',
    syntax: 'ERRO: Sintaxe inválida.\nDigite "REG QUERY /?" para ver o uso.',
    noService: 'O serviço especificado não existe como serviço instalado.',
    noAccess: 'Acesso negado.',
    noProgram: (name) =>
      `'${name}' não é reconhecido como um comando interno\nou externo, um programa operável ou um arquivo em lotes.`,
  },
  ru: {
    codePage: 866,
    defaultValue: '(по умолчанию)',
    absent: 'ОШИБКА: Не удается найти указанный раздел или параметр в реестре.',
    denied: 'ОШИБКА: Отказано в доступе.',
    syntax: 'ОШИБКА: Недопустимый синтаксис.\nВведите "REG QUERY /?" для получения справки по использованию.',
    noService: 'Указанная служба не установлена.',
    noAccess: 'Отказано в доступе.',
    noProgram: (name) =>
      `"${name}" не является внутренней или внешней\nкомандой, исполняемой программой или пакетным файлом.`,
  },
  zh: {
    codePage: 936,
    defaultValue: '(默认)',
    absent: '错误: 系统找不到指定的注册表项或值。',
    denied: '错误: 拒绝访问。',
    syntax: '错误: 无效语法。\n键入 "REG QUERY /?" 了解用法信息。',
    noService: '指定的服务未安装。',
    noAccess: '拒绝访问。',
    noProgram: (name) => `'${name}' 不是内部或外部命令，也不是可运行的程序\n或批处理文件。`,
  },
  ko: {
    codePage: 949,
    defaultValue: '(기본값)',
    absent: '오류: 지정된 레지스트리 키 또는 값을 찾지 못했습니다.',
    denied: '오류: 액세스가 거부되었습니다.',
    syntax: '오류: 구문이 잘못되었습니다.\n사용법을 보려면 "REG QUERY /?"를 입력하십시오.',
    noService: '지정된 서비스를 설치된 서비스로 찾을 수 없습니다.',
    noAccess: '액세스가 거부되었습니다.',
    noProgram: (name) => `'${name}'은(는) 내부 또는 외부 명령, 실행할 수 있는 프로그램, 또는\n배치 파일이 아닙니다.`,
  },
};
