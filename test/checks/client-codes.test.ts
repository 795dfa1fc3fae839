import test from 'ava';
import { codeOfMessage, MESSAGES } from '../../checks/client-code-messages.ts';
import { readClientCode, spellingsOf } from '../../checks/client-code-spelling.ts';
import { CLIENT_CODES } from '../../checks/client-codes.ts';
import { CONDITIONS } from '../../checks/facts/read/verdict/conditions.ts';
import { checks } from '../../checks/index.ts';
import { KB947031 } from '../../checks/kb947031.ts';

/** As Microsoft's headers have them: the HRESULT, the same as a signed decimal number, its name. */
const HRESULTS: readonly (readonly [string, number, string])[] = [
  ['0x800704C9', -2147023671, 'ERROR_CONNECTION_REFUSED'],
  ['0x80070040', -2147024832, 'ERROR_NETNAME_DELETED'],
  ['0x800B0101', -2146762495, 'CERT_E_EXPIRED'],
  ['0x800B0109', -2146762487, 'CERT_E_UNTRUSTEDROOT'],
  ['0x800B010F', -2146762481, 'CERT_E_CN_NO_MATCH'],
  ['0x80092013', -2146885613, 'CRYPT_E_REVOCATION_OFFLINE'],
  ['0x80092012', -2146885614, 'CRYPT_E_NO_REVOCATION_CHECK'],
  ['0x80092010', -2146885616, 'CRYPT_E_REVOKED'],
  ['0x800B010A', -2146762486, 'CERT_E_CHAINING'],
  ['0x800B0110', -2146762480, 'CERT_E_WRONG_USAGE'],
  ['0x800B0112', -2146762478, 'CERT_E_UNTRUSTEDCA'],
  ['0x800B010E', -2146762482, 'CERT_E_REVOCATION_FAILURE'],
  ['0x800B0111', -2146762479, 'TRUST_E_EXPLICIT_DISTRUST'],
  ['0x80072746', -2147014842, 'WSAECONNRESET'],
  ['0x8007274C', -2147014836, 'WSAETIMEDOUT'],
  ['0x8007274D', -2147014835, 'WSAECONNREFUSED'],
  ['0x80072751', -2147014831, 'WSAEHOSTUNREACH'],
  ['0x80072AF9', -2147013895, 'WSAHOST_NOT_FOUND'],
  ['0x800704D4', -2147023660, 'ERROR_CONNECTION_ABORTED'],
  ['0x80070320', -2147024096, 'HRESULT_FROM_WIN32(ERROR_AUTOMATIC_VPN_FAILED)'],
  ['0x80070057', -2147024809, 'ERROR_INVALID_PARAMETER'],
  ['0x80070005', -2147024891, 'ERROR_ACCESS_DENIED'],
  ['0x80070006', -2147024890, 'ERROR_INVALID_HANDLE'],
  ['0x8009030C', -2146893044, 'SEC_E_LOGON_DENIED'],
  ['0x80090326', -2146893018, 'SEC_E_ILLEGAL_MESSAGE'],
  ['0x80090331', -2146893007, 'SEC_E_ALGORITHM_MISMATCH'],
  ['0x80090308', -2146893048, 'SEC_E_INVALID_TOKEN'],
  ['0x80090325', -2146893019, 'SEC_E_UNTRUSTED_ROOT'],
  ['0x80090327', -2146893017, 'SEC_E_CERT_UNKNOWN'],
  ['0x80090302', -2146893054, 'SEC_E_UNSUPPORTED_FUNCTION'],
  ['0x80096004', -2146869244, 'TRUST_E_CERT_SIGNATURE'],
  ['0x800B0114', -2146762476, 'CERT_E_INVALID_NAME'],
  ['0x80096019', -2146869223, 'TRUST_E_BASIC_CONSTRAINTS'],
  ['0x800B0105', -2146762491, 'CERT_E_CRITICAL'],
  ['0x80094016', -2146877418, 'CERTSRV_E_WEAK_SIGNATURE_OR_KEY'],
];

/** The same of the RAS codes, in hexadecimal. */
const RAS: readonly (readonly [string, string, string])[] = [
  ['619', '0x26B', 'ERROR_PORT_DISCONNECTED'],
  ['628', '0x274', 'ERROR_DISCONNECTION'],
  ['629', '0x275', 'ERROR_REMOTE_DISCONNECTION'],
  ['633', '0x279', 'ERROR_PORT_NOT_AVAILABLE'],
  ['638', '0x27E', 'ERROR_REQUEST_TIMEOUT'],
  ['645', '0x285', 'ERROR_AUTH_INTERNAL'],
  ['646', '0x286', 'ERROR_RESTRICTED_LOGON_HOURS'],
  ['647', '0x287', 'ERROR_ACCT_DISABLED'],
  ['648', '0x288', 'ERROR_PASSWD_EXPIRED'],
  ['649', '0x289', 'ERROR_NO_DIALIN_PERMISSION'],
  ['678', '0x2A6', 'ERROR_NO_ANSWER'],
  ['691', '0x2B3', 'ERROR_AUTHENTICATION_FAILURE'],
  ['718', '0x2CE', 'ERROR_PPP_TIMEOUT'],
  ['720', '0x2D0', 'ERROR_PPP_NO_PROTOCOLS_CONFIGURED'],
  ['721', '0x2D1', 'ERROR_PPP_NO_RESPONSE'],
  ['734', '0x2DE', 'ERROR_PPP_LCP_TERMINATED'],
  ['736', '0x2E0', 'ERROR_PPP_NCP_TERMINATED'],
  ['738', '0x2E2', 'ERROR_PPP_NO_ADDRESS_ASSIGNED'],
  ['741', '0x2E5', 'ERROR_NO_LOCAL_ENCRYPTION'],
  ['742', '0x2E6', 'ERROR_NO_REMOTE_ENCRYPTION'],
  ['768', '0x300', 'ERROR_FAILED_TO_ENCRYPT'],
  ['778', '0x30A', 'ERROR_UNABLE_TO_AUTHENTICATE_SERVER'],
  ['798', '0x31E', 'ERROR_NO_EAPTLS_CERTIFICATE'],
  ['800', '0x320', 'ERROR_AUTOMATIC_VPN_FAILED'],
  ['801', '0x321', 'ERROR_VALIDATING_SERVER_CERT'],
  ['806', '0x326', 'ERROR_VPN_GRE_BLOCKED'],
  ['807', '0x327', 'ERROR_VPN_DISCONNECT'],
  ['808', '0x328', 'ERROR_VPN_REFUSED'],
  ['809', '0x329', 'ERROR_VPN_TIMEOUT'],
  ['810', '0x32A', 'ERROR_VPN_BAD_CERT'],
  ['812', '0x32C', 'ERROR_SERVER_POLICY'],
  ['828', '0x33C', 'ERROR_IDLE_TIMEOUT'],
  ['829', '0x33D', 'ERROR_LINK_FAILURE'],
  ['835', '0x343', 'ERROR_INVALID_SERVER_CERT'],
  ['845', '0x34D', 'ERROR_PEAP_SERVER_REJECTED_CLIENT_TLV'],
  ['848', '0x350', 'ERROR_SSTP_COOKIE_SET_FAILURE'],
  ['850', '0x352', 'ERROR_EAP_METHOD_NOT_INSTALLED'],
  ['853', '0x355', 'ERROR_EAP_USER_CERT_INVALID'],
  ['854', '0x356', 'ERROR_EAP_USER_CERT_EXPIRED'],
  ['855', '0x357', 'ERROR_EAP_USER_CERT_REVOKED'],
  ['857', '0x359', 'ERROR_EAP_SERVER_CERT_INVALID'],
  ['858', '0x35A', 'ERROR_EAP_SERVER_CERT_EXPIRED'],
  ['859', '0x35B', 'ERROR_EAP_SERVER_CERT_REVOKED'],
  ['864', '0x360', 'ERROR_EAP_SERVER_ROOT_CERT_NOT_FOUND'],
  ['866', '0x362', 'ERROR_EAP_SERVER_ROOT_CERT_NAME_REQUIRED'],
  ['867', '0x363', 'ERROR_PEAP_IDENTITY_MISMATCH'],
  ['868', '0x364', 'ERROR_DNSNAME_NOT_RESOLVABLE'],
  ['869', '0x365', 'ERROR_EAPTLS_PASSWD_INVALID'],
];

const known = new Map(CLIENT_CODES.map((it) => [it.code, it]));

for (const [code, signed, symbol] of HRESULTS)
  test(`${code} is ${symbol}, also written ${signed}`, (t) => {
    t.is(known.get(code)?.symbol, symbol);
    t.is(readClientCode(String(signed)), code);
    t.is(readClientCode(symbol), code);
    t.true(spellingsOf(code).includes(String(signed)));
  });

for (const [code, hexadecimal, symbol] of RAS)
  test(`${code} is ${symbol}, also written ${hexadecimal}`, (t) => {
    t.is(known.get(code)?.symbol, symbol);
    t.is(readClientCode(hexadecimal), code);
    t.is(readClientCode(symbol), code);
    t.true(spellingsOf(code).includes(hexadecimal));
  });

test('each code and each name occurs once', (t) => {
  t.is(known.size, CLIENT_CODES.length);
  t.is(new Set(CLIENT_CODES.map(({ symbol }) => symbol)).size, CLIENT_CODES.length);
});

test('each code is told in both languages', (t) => {
  for (const { code, meaning, cause } of CLIENT_CODES)
    for (const { en, ja } of [meaning, cause]) {
      t.regex(en, /^[ -~]{5,}$/, code);
      t.regex(ja, /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]{2}/u, code);
      t.false(/[.。]$/.test(en) || /[.。]$/.test(ja), `${code} ends like a sentence`);
    }
});

test('each situation of the article is that of its own code', (t) => {
  for (const { id, code } of KB947031) if (code) t.is(known.get(code)?.situation, id, code);
  const ids = KB947031.map(({ id }) => id);
  for (const { code, situation } of CLIENT_CODES) t.true(situation === undefined || ids.includes(situation), code);
});

for (const spelling of ['13801', '0x35E9', '0x800735E9', '-2147011095', 'ERROR_IPSEC_IKE_AUTH_FAIL'])
  test(`${spelling} is a code of IKE`, (t) => {
    t.is(readClientCode(spelling), '13801');
  });

const SAID: readonly (readonly [string, string])[] = [
  [
    '0x800B0109',
    'A certificate chain processed, but terminated in a root\ncertificate which is not trusted by the trust provider.',
  ],
  ['0x800B010F', "Can't connect to Example. The certificate's CN name does not match the passed value."],
  ['0x80092013', '失効サーバーがオフラインのため、失効の関数は失効を確認できませんでした。'],
  ['0x80070040', '指定されたネットワーク名は利用できません。'],
  ['809', 'The network connection could not be established because the remote server is not responding after 700 ms.'],
  ['0x800B0101', 'CERT_E_EXPIRED: The certificate is revoked.'],
];
for (const [code, message] of SAID)
  test(`"${message.slice(0, 40)}" is ${code}`, (t) => {
    t.is(readClientCode(message), code);
  });

test('every message is that of a known code, and of no other', (t) => {
  for (const [code, ...parts] of MESSAGES) {
    t.true(known.has(code), code);
    for (const part of parts) t.is(codeOfMessage(part), code);
  }
});

test('codes of other tunnels are told to be none of SSTP', (t) => {
  const foreign = CLIENT_CODES.filter(({ isSstp }) => !isSstp).map(({ code }) => code);
  const ras = ['786', '787', '788', '789', '790', '791', '792', '793', '806', '811', '835', '870'];
  t.deepEqual(foreign, [...ras, '13801', '13806', '13868']);
});

test('whatever a check or a verdict says that clients show is known', (t) => {
  const named = [
    ...checks.flatMap(({ clientErrors }) => clientErrors),
    ...Object.values(CONDITIONS).map(({ code }) => code),
  ];
  for (const code of named) t.true(known.has(code), code);
});
