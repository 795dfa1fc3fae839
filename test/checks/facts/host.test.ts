import test from 'ava';
import { isFetchedFromOutside } from '../../../checks/facts/read/host.ts';

for (const url of [
  'http://crl.example.com/issuing.crl',
  'HTTP://CRL.EXAMPLE.COM:8080/x.crl',
  'http://203.0.113.9/x.crl',
  'http://172.32.0.1/x.crl',
  'http://100.128.0.1/x.crl',
  'http://[2a00:1450::1]/x.crl',
  'http://local.example.com/x.crl',
])
  test(`${url} can be fetched from outside`, (t) => t.true(isFetchedFromOutside(url)));

for (const url of [
  'ldap:///CN=Example,CN=CDP,DC=example,DC=com?certificateRevocationList?base',
  'ldap://dc01.example.com/CN=Example',
  'file://pki01/CertEnroll/x.crl',
  'https://crl.example.com/x.crl',
  'http://pki01/CertEnroll/x.crl',
  'http://pki01.corp.local/x.crl',
  'http://PKI01.CORP.LOCAL./x.crl',
  'http://pki.example.internal/x.crl',
  'http://localhost/x.crl',
  'http://10.1.2.3/x.crl',
  'http://172.16.0.1/x.crl',
  'http://172.31.255.1/x.crl',
  'http://192.168.1.1/x.crl',
  'http://169.254.1.1/x.crl',
  'http://100.64.0.1/x.crl',
  'http://127.0.0.1/x.crl',
  'http://[fd00::1]/x.crl',
  'http://[fe80::1]/x.crl',
  'http://[::1]/x.crl',
  'http://[::ffff:10.0.0.1]/x.crl',
  'not a url',
  '',
])
  test(`${url || 'nothing'} cannot be fetched from outside`, (t) => t.false(isFetchedFromOutside(url)));

test('a host of any length can be asked about', (t) => {
  for (const length of [63, 254, 20_000, 1_000_000])
    t.false(isFetchedFromOutside(`http://${'a'.repeat(length)}!/x.crl`));
});
