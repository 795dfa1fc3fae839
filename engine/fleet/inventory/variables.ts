/** What Ansible's connection variables mean to us. Source: transports 7. */
import { below, type Complaint } from '../../document/places.ts';

export type Variables = Readonly<Record<string, unknown>>;

type Said = Readonly<{
  /** To be fitted into the form of settings. */
  settings: Readonly<Record<string, unknown>>;
  complaints: readonly Complaint[];
  /** Variables that mean something to a connection, and nothing to us. */
  ignored: readonly string[];
  /** The place of the variable that a place in the settings comes from. */
  placeOf(at: string): string;
}>;

/** Settings by the variables that give them; the last that is there counts. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  address: ['ansible_ssh_host', 'ansible_host'],
  port: ['ansible_ssh_port', 'ansible_port'],
  user: ['ansible_ssh_user', 'ansible_user'],
  caFile: ['ansible_psrp_ca_cert', 'ansible_winrm_ca_trust_path'],
  transport: ['ansible_connection'],
};

/** Our own settings, such as inputs and tags, in one variable. */
export const OWN = 'sstp_audit';

const CONNECTIONS: ReadonlyMap<unknown, string> = new Map(
  Object.entries({
    ssh: 'ssh',
    'ansible.builtin.ssh': 'ssh',
    paramiko: 'ssh',
    paramiko_ssh: 'ssh',
    smart: 'ssh',
    winrm: 'winrm',
    'ansible.builtin.winrm': 'winrm',
    psrp: 'winrm',
    'ansible.builtin.psrp': 'winrm',
  }),
);

const UNUSED =
  /^ansible_(ssh_(common|extra)_args|ssh_private_key_file|private_key_file|(winrm|psrp)_(cert_pem|cert_key_pem|certificate_pem|certificate_key_pem|transport|auth|proxy|kinit_mode)|become\w*)$/;
/** A variable that holds a secret. */
export const SECRET = /passw|_pass$|passphrase|secret|token/i;

export const variablesSay = (variables: Variables, at: string): Said => {
  const own = variables[OWN];
  const origins = new Map(
    Object.entries(SETTINGS).flatMap(([setting, names]) => {
      const name = names.findLast((one) => variables[one] !== undefined && variables[one] !== null);
      return name === undefined ? [] : [[setting, name] as const];
    }),
  );
  const given = Object.fromEntries([...origins].map(([setting, name]) => [setting, meaning(setting, variables, name)]));
  const names = Object.keys(variables);
  return {
    settings: { ...given, ...(typeof own === 'object' ? own : {}) },
    complaints: names.flatMap((name) => complaintAbout(name, variables[name], at)),
    ignored: names.filter((name) => UNUSED.test(name) || SECRET.test(name)),
    placeOf: (place) => {
      const [, setting = '', ...rest] = place.split('/');
      const name = origins.get(setting);
      return name === undefined ? `${below(at, OWN)}${place}` : [below(at, name), ...rest].join('/');
    },
  };
};

const meaning = (setting: string, variables: Variables, name: string): unknown => {
  const value = variables[name];
  if (setting === 'port') return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (setting !== 'transport') return value;
  const transport = CONNECTIONS.get(value) ?? value;
  const scheme = variables['ansible_winrm_scheme'] ?? variables['ansible_psrp_protocol'];
  return transport === 'winrm' && scheme === 'http' ? 'winrm+http' : transport;
};

const complaintAbout = (name: string, value: unknown, at: string): readonly Complaint[] => {
  if (/^ansible_(winrm_server|psrp)_cert_validation$/.test(name) && value === 'ignore')
    return [{ at: below(at, name), says: DISTRUST }];
  if (name === OWN && (typeof value !== 'object' || value === null))
    return [{ at: below(at, name), says: 'must be a map of settings' }];
  if (typeof value === 'string' && /^ansible_(host|port|user|connection)$/.test(name) && value.includes('{{'))
    return [{ at: below(at, name), says: 'is a template, which ansible-inventory does not fill in: write the value' }];
  return [];
};

const DISTRUST =
  'is ignore, and a server that anybody can pose as is not audited: ' +
  'name its authority in ansible_winrm_ca_trust_path, or the SHA-256 of its certificate in sstp_audit.pin';
