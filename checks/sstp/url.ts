import { defineCheck, fail, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { type HttpUrls, httpUrls } from '../facts/http-urls.ts';
import type { HttpUrl } from '../facts/read/request-queues.ts';
import { type Listener, sstpParameters } from '../facts/sstp-parameters.ts';

const PATH = '/sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/';
const schemeOf = ({ https }: Pick<Listener, 'https'>): string => (https ? 'https' : 'http');

/** Every host that clients may dial. */
const EVERY_HOST = '+';
const isSstp = ({ path }: HttpUrl): boolean => path.toLowerCase() === PATH.toLowerCase();

/** A port speaks either TLS or plain HTTP: URLs of the other kind keep SSTP off it. */
const rivalsOf = ({ port, https }: Listener, { registered, reserved }: HttpUrls): readonly string[] =>
  [...registered.map((url) => [url, 'serves'] as const), ...reserved.map((url) => [url, 'reserves'] as const)]
    .filter(([url]) => url.port === port && url.https !== https)
    .map(([{ text }, verb]) => `HTTP.sys ${verb} ${text}`);

const judgeUrl = (listener: Listener, urls: HttpUrls): Finding => {
  const subject = `${schemeOf(listener)}://${EVERY_HOST}:${listener.port}${PATH}`;
  const own = urls.registered.filter(isSstp);
  const isLive = own.some(
    ({ host, port, https }) => host === EVERY_HOST && port === listener.port && https === listener.https,
  );
  if (isLive) return pass('the SSTP service has registered its URL with HTTP.sys', { subject });
  const reasons = [...own.map(({ text }) => `${text} is registered`), ...new Set(rivalsOf(listener, urls))];
  return fail(['HTTP.sys does not serve the URL of SSTP', ...reasons].join('; '), { subject });
};

export default defineCheck({
  id: 'sstp/url',
  title: 'HTTP.sys serves the URL of SSTP on its port',
  severity: 'critical',
  situations: ['2.2', '8.3'],
  clientErrors: ['0x800704C9'],
  why: 'That System listens on the port only proves that some program uses HTTP.sys. SSTP gets its connections through one URL: when it is not registered, clients reach another web site, and are refused.',
  fix: [
    'Restart the RemoteAccess service, and look for RasSstp events 8, 9, 10 and 22 in the System log.',
    'Where a URL of the other kind holds the port (http for https, or the reverse), remove that site binding, or its reservation with "netsh http delete urlacl url=URL".',
    'Look at what is registered with "netsh http show servicestate view=requestq".',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sstp/7e5b2134-b4bf-435a-85bf-bfe0313fd889',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/netsh-http',
  ],
  needs: { urls: httpUrls, sstp: sstpParameters },
  expects: {},
  judge: ({ urls, sstp }) => [judgeUrl(sstp, urls)],
});
