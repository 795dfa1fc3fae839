import { defineFact, Unknown } from '../../engine/define.ts';
import { HTTP_PARAMETERS } from './configured-bindings.ts';
import { readKey } from './read/ask.ts';
import { type HttpUrl, parseRequestQueues, urlsIn } from './read/request-queues.ts';

export type HttpUrls = Readonly<{
  /** Served now: some program has registered them. */
  registered: readonly HttpUrl[];
  /** Set aside for an account, whether or not any program serves them. */
  reserved: readonly HttpUrl[];
}>;

/** The names of its values are the URLs. Windows brings some of its own. */
const RESERVATIONS = `${HTTP_PARAMETERS}\\UrlAclInfo`;

/** The URLs that HTTP.sys serves, and those set aside. Source: windows-facts 3.4. */
export const httpUrls = defineFact<HttpUrls>({
  id: 'sstp/http-urls',
  vantage: 'server',
  right: 'administrator (HTTP.sys settings)',
  async ask($) {
    const [queues, reservations] = await Promise.all([
      $`netsh.exe http show servicestate view=requestq verbose=no`.nothrow(),
      readKey($, RESERVATIONS),
    ]);
    if (queues.exitCode !== 0)
      throw new Unknown('unreadable', `netsh.exe ended with exit code ${queues.exitCode} for the request queues`);
    return {
      registered: parseRequestQueues(queues.stdout),
      reserved: (reservations?.names() ?? []).flatMap(urlsIn),
    };
  },
});
