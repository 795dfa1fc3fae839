/** Japanese prose of the checks in this area. */
export const ja = {
  'sstp/listener-port': {
    title: 'SSTP のポートが想定どおりに設定され、その後 RRAS が再起動されている',
    why: 'クライアントは 1 つのポートに接続し、ファイアウォールや負荷分散装置もそのポートだけを許可しています。ListenerPort の変更は RRAS の再起動後に有効になります。それまでサーバーは正常に見えますが、次に再起動すると別のポートに移ります。',
    fix: [
      'HKLM\\SYSTEM\\CurrentControlSet\\Services\\SstpSvc\\Parameters の ListenerPort に、想定するポートを設定します。0 は 443 (UseHttps が 0 の場合は 80) を意味します。',
      'RemoteAccess サービスを再起動します。新しいポートに対する証明書のバインドと URL の予約が行われます。',
      'Windows ファイアウォールと、サーバーまでの経路でそのポートを許可します。組み込みの規則で許可されるのは 443 だけです。',
    ],
  },
  'sstp/listening': {
    title: 'クライアントが使用するすべてのアドレス ファミリで、HTTP.sys が SSTP のポートを待ち受けている',
    why: 'SSTP は待ち受けを HTTP.sys に任せているため、ソケットの所有者は SSTP サービスではなく System プロセス (4) です。待ち受けていない場合や、別のプログラムが先にポートを使用している場合、クライアントは SSTP に到達できません。',
    fix: [
      '待ち受けていない場合は、RemoteAccess と SstpSvc が実行中であること、ポートが想定どおりであることを確認し、RemoteAccess を再起動します。',
      '別のプロセスが待ち受けている場合は、tasklist /svc /fi "PID eq NUMBER" (NUMBER はプロセス ID) で特定し、別のポートに移してから RemoteAccess を再起動します。',
      'そのプロセスが iphlpsvc サービスの場合は、ポート プロキシが接続を転送しています。"netsh interface portproxy show all" で転送先を確認し、"netsh interface portproxy delete v4tov4 listenport=443 listenaddress=ADDRESS" で削除します。',
      '一部のアドレスでのみ待ち受けている場合や、再起動後にそうなる場合は、"netsh http show iplisten" を確認します。IP リッスン リストは HTTP.sys 全体を制限します。"netsh http delete iplisten ipaddress=ADDRESS" でアドレスを一覧から削除し、サーバーを再起動します。一覧が空の場合、HTTP.sys はすべてのアドレスで待ち受けます。',
      'サーバーで IPv6 を使用していない場合は、プロファイルで IPv4 だけを指定します。',
    ],
  },
  'sstp/url': {
    title: 'HTTP.sys が SSTP のポートで SSTP の URL を提供している',
    why: 'System がポートを待ち受けていることから分かるのは、何らかのプログラムが HTTP.sys を使用していることだけです。SSTP は 1 つの URL を通じて接続を受け取るため、その URL が登録されていないと、クライアントは別の Web サイトに到達し、接続を拒否されます。',
    fix: [
      'RemoteAccess サービスを再起動し、システム ログで RasSstp のイベント 8、9、10、22 を確認します。',
      '別の種類の URL (https に対する http、またはその逆) がポートを使用している場合は、その Web サイトのバインドを削除します。予約の場合は、"netsh http delete urlacl url=URL" で削除します。',
      '登録されている URL は、"netsh http show servicestate view=requestq" で確認できます。',
    ],
  },
  'sstp/certificate-hash': {
    title: 'SSTP の証明書ハッシュが、リスナーにバインドされた証明書と一致している',
    why: 'サインインの後、クライアントとサーバーは同じ証明書を見たことを互いに証明します。サーバーはその証明書を Sha256CertificateHash だけで (SHA1Enabled が設定されている場合は Sha1CertificateHash でも) 認識しています。ハッシュがない場合、以前の証明書のハッシュが残っている場合、型または長さが正しくない場合は、すべての接続がこの時点で切れます (RasSstp イベント 18 および 19)。',
    fix: [
      '[ルーティングとリモート アクセス] でサーバーのプロパティを開き、[セキュリティ] タブで証明書を選択します。ハッシュは RRAS が書き込みます。',
      'HKLM\\SYSTEM\\CurrentControlSet\\Services\\SstpSvc\\Parameters のハッシュの型または長さが正しくない場合は、その値を削除します。同じ場所に SHA256Enabled や SHA1Enabled が設定されている場合は、それも削除します。',
      'RemoteAccess サービスを再起動し、システム ログに RasSstp のイベントがないか確認します。再起動すると、バインドされた証明書のハッシュが書き込まれます。isHashConfiguredByAdmin が 1 の場合は、代わりに管理者が選択した証明書がバインドされます。',
    ],
  },
  'sstp/tls-offload': {
    title: 'TLS が想定した場所 (このサーバー、または手前の負荷分散装置) で終端されている',
    why: 'UseHttps が 0 の場合、サーバーは TLS なしで SSTP を受け付けます。これが安全なのは、手前に負荷分散装置がある場合だけです。その場合は、負荷分散装置の証明書のハッシュをサーバーに設定し、維持する必要があります。設定されていないと、すべての接続がサインインの後に切れます。',
    fix: [
      'このサーバーで TLS を終端する場合は、HKLM\\SYSTEM\\CurrentControlSet\\Services\\SstpSvc\\Parameters の UseHttps を 1 に設定するか削除し、[ルーティングとリモート アクセス] のサーバーの [セキュリティ] タブで証明書を選択して、RemoteAccess を再起動します。',
      '負荷分散装置で TLS を終端する場合は、UseHttps を 0、isHashConfiguredByAdmin を 1、Sha256CertificateHash (REG_BINARY、32 バイト) を負荷分散装置の証明書の SHA-256 ハッシュに設定し、RemoteAccess を再起動します。',
      'TLS なしのポートには負荷分散装置だけが接続できるようにし、負荷分散装置の証明書を更新するときはハッシュも更新します。',
    ],
  },
} as const;
