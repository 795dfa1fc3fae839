/** Japanese prose of the checks in this area. */
export const ja = {
  'service/running': {
    title: 'SSTP に必要なサービスが実行中で、サーバーの起動時にも開始される',
    why: 'RemoteAccess が接続を受け付け、SstpSvc と RasMan がトンネルを処理し、HTTP.sys が待ち受け、MpsSvc がファイアウォールの通過を許可します。現在実行中であっても、起動時に開始されないサービスは、次の再起動後に停止したままになります。',
    fix: [
      'サービスを開始します。PowerShell で "Start-Service RemoteAccess" を実行すると、SstpSvc、RasMan、HTTP も開始されます。SstpSvc のスタートアップの種類は [手動] のままで構いません。',
      'スタートアップの種類が正しくない場合は、PowerShell の "Set-Service RemoteAccess -StartupType Automatic" で設定します。その他のサービスは "Set-Service SstpSvc -StartupType Manual" のように設定します。',
      'サービスを開始できない場合は、システム ログで Service Control Manager、RemoteAccess、RasSstp のイベントを確認します。RemoteAccess がエラー 13 で終了する場合は、HTTP.sys にバインドされた証明書が原因で開始できません (binding/wildcards、sstp/certificate-hash)。',
      'サービスがインストールされていない場合は、[リモート アクセス] の役割を、役割サービス [DirectAccess および VPN (RAS)] とともに追加します。',
    ],
  },
} as const;
