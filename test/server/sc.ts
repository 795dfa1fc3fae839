import type { Said } from './reg.ts';
import { type Tongue, WORDS } from './words.ts';

export type Service = {
  /** SERVICE_STATUS: 1 stopped, 2 start pending, 3 stop pending, 4 running, 5 continue pending, 6 pause pending, 7 paused. */
  state: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  win32ExitCode?: number;
  /** 20 hexadecimal unless told: a service that shares its process. HTTP is a kernel driver, 1. */
  type?: number;
  pid?: number;
  /** The account may not query this service. */
  denied?: boolean;
};

const STATES = {
  1: 'STOPPED',
  2: 'START_PENDING',
  3: 'STOP_PENDING',
  4: 'RUNNING',
  5: 'CONTINUE_PENDING',
  6: 'PAUSE_PENDING',
  7: 'PAUSED',
} as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'KERNEL_DRIVER',
  16: 'WIN32_OWN_PROCESS',
  32: 'WIN32_SHARE_PROCESS',
  48: 'WIN32',
};

type Labels = readonly [
  name: string,
  type: string,
  state: string,
  win32: string,
  own: string,
  point: string,
  hint: string,
];
const ENGLISH: Labels = [
  'SERVICE_NAME',
  'TYPE',
  'STATE',
  'WIN32_EXIT_CODE',
  'SERVICE_EXIT_CODE',
  'CHECKPOINT',
  'WAIT_HINT',
];
/** Russian and Portuguese are recorded; the others are belief. */
const LABELS: Readonly<Partial<Record<Tongue, Labels>>> = {
  ru: ['Имя_службы', 'Тип', 'Состояние', 'Код_выхода_Win32', 'Код_выхода_службы', 'Контрольная_точка', 'Ожидание'],
  pt: [
    'NOME_DO_SERVIÇO',
    'TIPO',
    'ESTADO',
    'CÓDIGO_DE_SAÍDA_DO_WIN32',
    'CÓDIGO_DE_SAÍDA_DO_SERVIÇO',
    'PONTO_DE_VERIFICAÇÃO',
    'AGUARDAR_DICA',
  ],
  de: ['DIENSTNAME', 'TYP', 'STATUS', 'WIN32_EXITCODE', 'DIENST_EXITCODE', 'PRÜFPUNKT', 'WARTEHINWEIS'],
  fr: ['NOM_SERVICE', 'TYPE', 'ÉTAT', 'CODE_SORTIE_WIN32', 'CODE_SORTIE_SERVICE', 'POINT_CONTRÔLE', 'DÉLAI_ATTENTE'],
  es: [
    'NOMBRE_SERVICIO',
    'TIPO',
    'ESTADO',
    'CÓD_SALIDA_WIN32',
    'CÓD_SALIDA_SERVICIO',
    'PUNTO_COMPROB.',
    'INDICACIÓN_INICIO',
  ],
};

const line = (label: string, value: string): string => `        ${label.padEnd(19)}: ${value}\n`;
const code = (value: number): string => `${value}  (0x${value.toString(16)})`;

const status = (labels: Labels, name: string, service: Service, extended: boolean): string => {
  const type = service.type ?? 0x20;
  const [nameLabel, typeLabel, stateLabel, win32, own, point, hint] = labels;
  const accepts = service.state === 4 ? `${' '.repeat(32)}(STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)\n` : '';
  return [
    `\n${nameLabel}: ${name} \n`,
    line(typeLabel, `${type.toString(16)}  ${TYPES[type] ?? ''}  `),
    line(stateLabel, `${service.state}  ${STATES[service.state]} `),
    accepts,
    line(win32, code(service.win32ExitCode ?? 0)),
    line(own, code(0)),
    line(point, '0x0'),
    line(hint, '0x0'),
    extended ? line('PID', String(service.pid ?? 0)) + line('FLAGS', '') : '',
  ].join('');
};

const failed = (error: number, text: string): Said => ({
  stdout: `[SC] EnumQueryServicesStatus:OpenService FAILED ${error}:\n\n${text}\n\n`,
  exitCode: error,
});

/** `sc.exe query NAME` and `sc.exe queryex NAME`; sc.exe complains on stdout. Source: windows-facts 1. */
export const scQuery = (
  { services, language }: { services: ReadonlyMap<string, Service>; language: Tongue },
  name: string,
  extended: boolean,
): Said => {
  const found = [...services].find(([known]) => known.toLowerCase() === name.toLowerCase());
  if (!found) return failed(1060, WORDS[language].noService);
  if (found[1].denied) return failed(5, WORDS[language].noAccess);
  return { stdout: status(LABELS[language] ?? ENGLISH, name, found[1], extended), exitCode: 0 };
};
