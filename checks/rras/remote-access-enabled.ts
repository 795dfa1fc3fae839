import { defineCheck, fail, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import type { Family } from '../facts/read/interface-info.ts';
import { OWN_ADDRESSES, REMOTE_ACCESS_SERVER, type RemoteAccess, remoteAccess } from '../facts/remote-access.ts';

const judgeFamily = (subject: Family, { routerType, shut, poolSize = Infinity }: RemoteAccess): Finding => {
  const type = `RouterType 0x${routerType.toString(16)}`;
  if (!(routerType & REMOTE_ACCESS_SERVER[subject]))
    return fail(`${type} does not make it a remote access server for ${subject}`, { subject });
  if (shut.includes(subject)) return fail(`EnableIn is 0: callers get no ${subject}`, { subject });
  return subject === 'IPv4' && poolSize <= OWN_ADDRESSES
    ? fail(`callers get no IPv4 address: the static pool holds ${poolSize}, and the server itself takes one`, {
        subject,
      })
    : pass(`${type} makes it a remote access server for ${subject}`, { subject });
};

export default defineCheck({
  id: 'rras/remote-access-enabled',
  title: 'RRAS is configured as a remote access server',
  severity: 'critical',
  // The first cause that situation 2 names; the console of its first step shows it.
  situations: ['2.1'],
  clientErrors: ['809'],
  why: 'The role can be installed without being configured, and RRAS can be configured as a router only: its services may then run, and no caller is accepted.',
  fix: [
    'In Routing and Remote Access, right-click the server and choose Configure and Enable Routing and Remote Access.',
    'If it is configured, open its properties: on the General tab, select IPv4 (or IPv6) Remote access server.',
    'On the IPv4 (or IPv6) tab, let the server give addresses to its clients, from a static pool only if it holds enough of them, then restart the RemoteAccess service.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-rrasm/bacd0fa5-aabf-452b-9bb9-0a29a1dd8238',
    'https://learn.microsoft.com/en-us/windows-hardware/customize/desktop/unattend/microsoft-windows-rasserver-configurationflags',
  ],
  needs: { settings: remoteAccess },
  expects: {
    addressFamilies: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: ['IPv4', 'IPv6'] },
      description: 'address families that callers get inside the tunnel',
    },
  },
  judge: ({ settings }, { addressFamilies }) => [
    settings.configured
      ? pass('RRAS is configured', { subject: 'RRAS' })
      : fail('RRAS is not configured (ConfigurationFlags is 0)', { subject: 'RRAS' }),
    ...addressFamilies.map((family) => judgeFamily(family, settings)),
  ],
});
