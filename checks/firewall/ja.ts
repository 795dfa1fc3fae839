/** Japanese prose of the checks in this area. */
export const ja = {
  'firewall/sstp-exception': {
    title: 'Windows ファイアウォールが、すべての種類のネットワークで SSTP を許可している',
    why: 'Windows ファイアウォールは規則で許可されていない接続を破棄するため、クライアントはタイムアウトするまで待たされます。役割に付属する規則が開くのはポート 443 だけです。また、グループ ポリシーによってローカルの規則が無視されることがあり、ブロックの規則は 1 つでもすべての許可の規則に優先し、どの規則が有効かはネットワークの種類 (プロファイル) によって決まります。IPsec を必須とする接続セキュリティの規則は、IPsec を使用しない SSTP クライアントを拒否します。',
    fix: [
      'ポート 443 の場合は、netsh advfirewall firewall set rule group="@sstpsvc.dll,-35001" new enable=yes を実行し、すべてのプロファイルで [Secure Socket トンネリング プロトコル] の規則 (SSTP-IN-TCP) を有効にします。',
      '別のポートの場合は、"netsh advfirewall firewall add rule name=SSTP dir=in action=allow protocol=TCP localport=PORT program=System" を実行し、プログラム System に対する規則を追加します (PORT は待ち受けポート)。',
      '結果に示されたブロックの規則を無効にするか対象を限定します。すべての受信接続をブロックしている場合は、プロファイルのプロパティで解除します。',
      '接続セキュリティの規則が IPsec を必須としている場合は、wf.msc の [接続セキュリティの規則] で、待ち受けポートの TCP を対象から除外するか、IPsec を必須ではなく要求に変更します。',
      'グループ ポリシーがローカルの規則を無視している場合や、結果に示された設定がグループ ポリシーによるものである場合は、グループ ポリシーで変更します。',
    ],
  },
} as const;
