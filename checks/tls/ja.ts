/** Japanese prose of the checks in this area. */
export const ja = {
  'tls/protocols': {
    title: 'クライアントに必要な TLS が有効で、古いプロトコルが無効になっている',
    why: 'SSTP は TLS の中で動作し、Schannel がクライアントに提供するプロトコルのうち、証明書のバインドで無効にされていないものを使用します。古いプロトコルは、通信経路上の第三者に解読されるおそれがあります。また、新しいプロトコルが無効な場合、現在のクライアントは接続できません。',
    fix: [
      'HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols の下にある、プロトコル名のキーのサブキー Server で、無効にする場合は Enabled を 0、DisabledByDefault を 1 に、有効にする場合は Enabled を 1、DisabledByDefault を 0 に設定します。',
      'プロトコルが有効でも使用できる暗号スイートがない場合は、そのプロトコルに対応し、その Windows にあり、証明書のキーの種類に合うスイートを追加します。Server 2016 以降では PowerShell の "Enable-TlsCipherSuite -Name NAME"、またはグループ ポリシーの [SSL 暗号の順位] を使用します。Server 2016 より前の Windows では、ECDHE のスイートの名前は曲線で終わり、RSA 用の ECDHE に GCM はありません (例: TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384_P256)。また、Protocols と同じ場所にある Ciphers、KeyExchangeAlgorithms、Hashes で、スイートの暗号、キー交換、ハッシュが無効になっていないことを確認します。FIPS モードでは、AES または 3DES と SHA を使用するスイートだけが残ります。',
      '証明書、またはサーバーが一緒に送信する発行元の証明書の署名アルゴリズムが有効でない場合は、SHA-256 で通常の形式の署名が付いた証明書を要求します。Windows の証明機関は、AlternateSignatureAlgorithm が 1 の場合に代替形式 (RSASSA-PSS) で署名します。SHA-512 については、Server 2016 より前の Windows に更新プログラム KB2973337 を適用する方法もあります。',
      '証明書のバインドでプロトコルが無効にされている場合 ("netsh http show sslcert" で Disable TLS1.2、TLS1.3、または Legacy TLS Versions が設定済みと表示されます) は、"netsh http delete sslcert ipport=0.0.0.0:443" でバインドを削除し、[::]:443 も同様に削除してから (ポートは環境に合わせる)、RemoteAccess を再起動します。RRAS が証明書を改めてバインドします。',
      'サーバーを再起動します。Schannel は起動時にこれらの値を読み込みます。',
      'Server 2008 で TLS 1.2 を使用するには SP2 と更新プログラムが必要です。また、TLS 1.3 を使用できるのは Server 2022 以降です。必要なプロトコルを使用できない場合は、新しい Windows に移行します。',
    ],
  },
  'tls/cipher-suites': {
    title: '脆弱な暗号を使用する暗号スイートが提供されていない',
    why: 'クライアントとサーバーは、Schannel の一覧から使用する暗号スイートを決定します。脆弱な暗号を使用するスイートや、暗号化を行わないスイートが一覧に残っていると、通信経路上の第三者がクライアントにそれを使用させ、送信内容を読み取るおそれがあります。',
    fix: [
      'Server 2016 以降では、PowerShell の "Disable-TlsCipherSuite -Name NAME" を使用して、該当するスイートを一覧から削除します。',
      'それより前のサーバーや、多数のサーバーに適用する場合は、グループ ポリシーの [コンピューターの構成]、[管理用テンプレート]、[ネットワーク]、[SSL 構成設定] にある [SSL 暗号の順位] で順序を設定します。',
      'または、すべてのスイートで暗号を無効にします。HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Ciphers の下にある "RC4 128/128" や "Triple DES 168" などのキーで、Enabled を 0 に設定します。',
      'サーバーを再起動します。Schannel は起動時に一覧を読み込みます。',
    ],
  },
} as const;
