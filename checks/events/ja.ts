/** Japanese prose of the checks in this area. */
export const ja = {
  'events/sstp-errors': {
    title: 'イベント ログに RRAS または SSTP のエラーがない',
    why: 'SSTP と RRAS は、開始できない、証明書を使用できない、接続を受け付けられないといった問題の原因をイベント ログに記録します。現在は正常に見えていても、エラーが残っていれば、ユーザーが接続できない時間があったことを示しています。',
    fix: [
      'イベントの意味を調べます。たとえば sstp-audit explain "event 18" を実行すると、イベント 18 の意味が表示されます。',
      '原因を取り除いて RemoteAccess サービスを再起動し、同じイベントが再び記録されないことを確認します。',
      '原因が既に解消されている場合は、イベントがプロファイルで指定した日数より古くなった時点で合格になります。',
    ],
  },
} as const;
