import { defineCheck, fail, pass } from '../../engine/define.ts';
import { METHODS, type Method, serverFlags } from '../facts/remote-access.ts';

const ALL = Object.keys(METHODS) as Method[];

export default defineCheck({
  id: 'rras/authentication-methods',
  title: 'RRAS offers an authentication method, and no weak one',
  severity: 'high',
  situations: [],
  clientErrors: [],
  why: 'RRAS offers the same methods to the callers of every VPN protocol, and takes whichever they can do. PAP hands over the password itself; CHAP, SPAP and MS-CHAPv1 can be broken by whoever listens, and CHAP needs passwords stored in reversible form. Whoever comes unauthenticated needs no password at all. Without any method nobody can sign in.',
  fix: [
    'In Routing and Remote Access, open the properties of the server, the Security tab, Authentication Methods, and clear the weak ones. Without the console: "netsh ras delete authtype type = PAP".',
    'Keep EAP, or MS-CHAPv2, for the clients; set the same in the network policies of NPS, which have the last word.',
  ],
  references: [
    'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-rrasm/b7e9ec5d-ebc3-4b4e-8ddf-c7c7209c7fa6',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/netsh-ras',
  ],
  needs: { flags: serverFlags },
  expects: {
    forbidden: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: ['unauthenticated', 'PAP', 'SPAP', 'CHAP', 'MS-CHAPv1', 'MS-CHAPv2', 'EAP'] },
      description: 'methods that have to be off; unauthenticated lets callers in without any',
    },
  },
  judge({ flags }, { forbidden }) {
    const offered = ALL.filter((method) => flags & METHODS[method]).join(', ');
    if (!offered)
      return [fail(`RRAS offers no method at all (ServerFlags 0x${flags.toString(16)}): nobody can prove who he is`)];
    return forbidden.map((subject) =>
      flags & METHODS[subject]
        ? fail(`RRAS offers ${subject} (ServerFlags 0x${flags.toString(16)}: ${offered})`, { subject, actual: offered })
        : pass(`RRAS does not offer ${subject}`, { subject }),
    );
  },
});
