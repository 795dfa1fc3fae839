import type { Check } from '../engine/define.ts';
import bindingConflicts from './binding/conflicts.ts';
import bindingWildcards from './binding/wildcards.ts';
import certificateChain from './certificate/chain.ts';
import certificateInstalled from './certificate/installed.ts';
import certificateNames from './certificate/names.ts';
import certificateRemainingLife from './certificate/remaining-life.ts';
import certificateRevocationSources from './certificate/revocation-sources.ts';
import certificateStrength from './certificate/strength.ts';
import certificateUsage from './certificate/usage.ts';
import certificateValidity from './certificate/validity.ts';
import clientRevocationCheck from './client/revocation-check.ts';
import clientRevocationReachable from './client/revocation-reachable.ts';
import clientTrustedRoot from './client/trusted-root.ts';
import eventsSstpErrors from './events/sstp-errors.ts';
import firewallSstpException from './firewall/sstp-exception.ts';
import reachCertificateName from './reach/certificate-name.ts';
import reachCertificateTrust from './reach/certificate-trust.ts';
import reachRevocation from './reach/revocation.ts';
import reachSameCertificate from './reach/same-certificate.ts';
import reachSstp from './reach/sstp.ts';
import reachTcp from './reach/tcp.ts';
import reachTls from './reach/tls.ts';
import reachTlsVersions from './reach/tls-versions.ts';
import rrasAuthenticationMethods from './rras/authentication-methods.ts';
import rrasLegacyProtocols from './rras/legacy-protocols.ts';
import rrasPacketFilters from './rras/packet-filters.ts';
import rrasRemoteAccessEnabled from './rras/remote-access-enabled.ts';
import rrasSstpPorts from './rras/sstp-ports.ts';
import serviceRunning from './service/running.ts';
import sstpCertificateHash from './sstp/certificate-hash.ts';
import sstpListenerPort from './sstp/listener-port.ts';
import sstpListening from './sstp/listening.ts';
import sstpTlsOffload from './sstp/tls-offload.ts';
import sstpUrl from './sstp/url.ts';
import tlsCipherSuites from './tls/cipher-suites.ts';
import tlsProtocols from './tls/protocols.ts';

/** The checks, in report order. */
export const checks: readonly Check[] = [
  serviceRunning,
  rrasRemoteAccessEnabled,
  rrasSstpPorts,
  rrasPacketFilters,
  rrasAuthenticationMethods,
  rrasLegacyProtocols,
  sstpListenerPort,
  sstpListening,
  sstpUrl,
  bindingWildcards,
  bindingConflicts,
  sstpCertificateHash,
  sstpTlsOffload,
  certificateInstalled,
  certificateUsage,
  certificateValidity,
  certificateRemainingLife,
  certificateNames,
  certificateChain,
  certificateRevocationSources,
  certificateStrength,
  firewallSstpException,
  tlsProtocols,
  tlsCipherSuites,
  eventsSstpErrors,
  reachTcp,
  reachTls,
  reachTlsVersions,
  reachCertificateTrust,
  reachCertificateName,
  reachRevocation,
  reachSstp,
  reachSameCertificate,
  clientTrustedRoot,
  clientRevocationCheck,
  clientRevocationReachable,
];
