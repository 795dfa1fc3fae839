/** What only the page of a fleet says. */
import type { Language } from '../../../engine/model.ts';

const en = {
  mapIntro: 'A row for each server, the worst first, and a column for each check. A cell opens its result.',
  needsScript:
    'The map and the details of each server need JavaScript. The counts, the servers by what is wrong with them and the worst servers are below without it.',
  perCheck: 'By check',
  rows: 'Rows',
  by: { server: 'by server', tag: 'by tag', check: 'by check' },
  allTags: 'all tags',
  noTag: '(no tag)',
  allChecks: 'all checks',
  search: 'Search server, tag or what is wrong',
  moves: 'Arrow keys go from cell to cell, Enter opens one.',
  worstOf: 'servers',
  chosen: 'The chosen server',
  loading: 'Loading …',
  close: 'Close',
  groups: 'Servers by what is wrong with them',
  groupsIntro:
    'Every server that was reached stands in one of these groups. Servers that fail the same checks stand together.',
  clean: 'everything passed or does not apply',
  others: 'other servers, each with what is wrong with it',
  worst: 'The worst servers',
  worstIntro: (count: number) =>
    `What failed or is unknown on ${count} servers, the worst first. The others are in the map above, and in the CSV and JSON reports.`,
  cut: 'Left out of this page for its size: see the JSON report or the evidence folder.',
  resultsIntro: 'The chosen server, then all servers in groups, then the worst in full.',
};

type FleetWords = Readonly<typeof en>;

const ja: FleetWords = {
  mapIntro: '行はサーバー (深刻なものから順)、列はチェックです。セルを選択すると結果が表示されます。',
  needsScript:
    '一覧表と各サーバーの詳細の表示には JavaScript が必要です。件数、問題別のサーバー、最も深刻なサーバーは JavaScript がなくても下に表示されます。',
  perCheck: 'チェック別',
  rows: '行',
  by: { server: 'サーバー別', tag: 'タグ別', check: 'チェック別' },
  allTags: 'すべてのタグ',
  noTag: '(タグなし)',
  allChecks: 'すべてのチェック',
  search: 'サーバー、タグ、問題の内容を検索',
  moves: '方向キーでセルを移動し、Enter キーで開きます。',
  worstOf: '台',
  chosen: '選択したサーバー',
  loading: '読み込んでいます…',
  close: '閉じる',
  groups: '問題別のサーバー',
  groupsIntro:
    '接続できたすべてのサーバーは、次のいずれかのグループに含まれます。同じチェックで問題があるサーバーをまとめています。',
  clean: 'すべて合格または対象外',
  others: 'その他のサーバーと、それぞれの問題の件数',
  worst: '最も深刻なサーバー',
  worstIntro: (count) =>
    `不合格または不明の結果を、深刻なものから順に ${count} 台分示します。その他のサーバーは上の一覧表と、CSV および JSON レポートにあります。`,
  cut: 'サイズのためこのページには含まれていません。JSON レポートまたは証拠フォルダーを参照してください。',
  resultsIntro: '選択したサーバー、グループごとのすべてのサーバー、最も深刻なサーバーの詳細の順に示します。',
};

export const fleetWords: Readonly<Record<Language, FleetWords>> = { en, ja };
