/** Where Windows keeps what an audit reads. */
const SYSTEM = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet`;
const SOFTWARE = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE`;

export const SERVICES = `${SYSTEM}\\Services`;
export const SSTP_PARAMETERS = `${SERVICES}\\SstpSvc\\Parameters`;
export const SSTP_CONFIG_STORE = `${SSTP_PARAMETERS}\\ConfigStore`;

export const REMOTE_ACCESS = `${SERVICES}\\RemoteAccess`;
export const REMOTE_ACCESS_PARAMETERS = `${REMOTE_ACCESS}\\Parameters`;
export const REMOTE_ACCESS_INTERFACES = `${REMOTE_ACCESS}\\Interfaces`;
export const ROUTER_MANAGERS = `${REMOTE_ACCESS}\\RouterManagers`;
export const AUTHENTICATION_PROVIDERS = `${REMOTE_ACCESS}\\Authentication\\Providers`;

export const HTTP_PARAMETERS = `${SERVICES}\\HTTP\\Parameters`;
export const SSL_BINDINGS = `${HTTP_PARAMETERS}\\SslBindingInfo`;
export const SNI_BINDINGS = `${HTTP_PARAMETERS}\\SslSniBindingInfo`;
/** The names of its values are the URLs. */
export const URL_RESERVATIONS = `${HTTP_PARAMETERS}\\UrlAclInfo`;
export const CCS_BINDINGS = `${HTTP_PARAMETERS}\\SslCcsBindingInfo`;

export const SYSTEM_CERTIFICATES = `${SOFTWARE}\\Microsoft\\SystemCertificates`;
export const ENTERPRISE_CERTIFICATES = `${SOFTWARE}\\Microsoft\\EnterpriseCertificates`;
export const POLICIES = `${SOFTWARE}\\Policies\\Microsoft`;
export const POLICY_CERTIFICATES = `${POLICIES}\\SystemCertificates`;

export const NETWORK_CLASS = `${SYSTEM}\\Control\\Class\\{4D36E972-E325-11CE-BFC1-08002BE10318}`;
/** The SSTP, PPTP, L2TP and IKEv2 miniports of the healthy server. */
export const SSTP_MINIPORT = `${NETWORK_CLASS}\\0003`;
export const IKEV2_MINIPORT = `${NETWORK_CLASS}\\0004`;
export const L2TP_MINIPORT = `${NETWORK_CLASS}\\0005`;
export const PPTP_MINIPORT = `${NETWORK_CLASS}\\0006`;
export const NETWORK_NAMES = `${SYSTEM}\\Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}`;
/** The adapter of the healthy server, and its number below REMOTE_ACCESS_INTERFACES. */
export const ADAPTER = '{8A1C9D34-6B0E-4F52-9C77-2D5E13B0A6F8}';
export const ADAPTER_INTERFACE = `${REMOTE_ACCESS_INTERFACES}\\2`;

export const FIREWALL_POLICY = `${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy`;
export const FIREWALL_RULES = `${FIREWALL_POLICY}\\FirewallRules`;
/** Not there on the healthy server: no firewall settings by Group Policy. */
export const POLICY_FIREWALL = `${POLICIES}\\WindowsFirewall`;

export const SCHANNEL = `${SYSTEM}\\Control\\SecurityProviders\\SCHANNEL`;
export const SCHANNEL_PROTOCOLS = `${SCHANNEL}\\Protocols`;
export const CIPHER_SUITES = `${SYSTEM}\\Control\\Cryptography\\Configuration\\Local\\SSL\\00010002`;
export const SIGNATURE_ALGORITHMS = `${SYSTEM}\\Control\\Cryptography\\Configuration\\Local\\SSL\\00010003`;
/** Not there on the healthy server: no cipher suite order by Group Policy. */
export const POLICY_CIPHER_SUITES = `${POLICIES}\\Cryptography\\Configuration\\SSL\\00010002`;

export const FIPS_POLICY = `${SYSTEM}\\Control\\Lsa\\FipsAlgorithmPolicy`;

export const CURRENT_VERSION = `${SOFTWARE}\\Microsoft\\Windows NT\\CurrentVersion`;
export const CODE_PAGE = `${SYSTEM}\\Control\\Nls\\CodePage`;
