/** What a diagnosis says by itself. */
import type { Place } from '../../../checks/diagnosis.ts';
import type { Language } from '../../model.ts';

type Words = Readonly<{
  meaning: string;
  cause: string;
  situation(id: string): string;
  unknownRas: string;
  unknownCode: string;
  noChecks: string;
  atALoss: string;
  plan: string;
  place: Readonly<Record<Place, string>>;
  runIt: string;
  /** `then`: of when the evidence is that was looked at. */
  lookedAt(target: string, then: string | undefined): string;
  causeFound: string;
  otherFound: string;
  noCause: string;
  /** The same where some of it does not apply, for a reason that is told. */
  noCauseThere: string;
  undecided: string;
  next: string;
  notAsked: Readonly<Record<Place, string>>;
  couldNotBeTold: string;
}>;

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    meaning: 'means',
    cause: 'usual cause',
    situation: (id) => `situation ${id} of KB947031`,
    unknownRas: 'a RAS code without a cause that is special to SSTP',
    unknownCode: 'this code is not known here',
    noChecks: 'No check decides this: the cause lies elsewhere, as said above.',
    atALoss: 'No check decides this. To look at everything that SSTP rests on:',
    plan: 'What decides it, in this order:',
    place: { server: 'on the server', network: 'from outside', client: 'on the machine that dials' },
    runIt: 'To look at all of it:',
    lookedAt: (target, then) => `Looked at ${target}${then === undefined ? '' : `, as of ${then}`}:`,
    causeFound: 'Cause found',
    otherFound: 'Found, though clients show another code for it',
    noCause: 'No cause was found: everything that was looked at is as it should be.',
    noCauseThere: 'No cause was found: what was looked at is as it should be, or does not apply, for the reason given.',
    undecided: 'No cause was found, but not everything could be told.',
    next: 'Next to look at:',
    notAsked: {
      server: 'name the server: ssh://user@host',
      network: 'say where clients dial: --probe vpn.example.com',
      client: 'name the machine that dials: ssh://user@laptop --client --probe vpn.example.com',
    },
    couldNotBeTold: 'Could not be told:',
  },
  ja: {
    meaning: '意味',
    cause: '主な原因',
    situation: (id) => `KB947031 の状況 ${id}`,
    unknownRas: 'SSTP に固有の原因がない RAS コードです',
    unknownCode: 'このコードは登録されていません',
    noChecks: '判定できるチェックはありません。原因は上記のとおり、ほかの場所にあります。',
    atALoss: '判定できるチェックはありません。SSTP に必要な項目をすべて確認するには:',
    plan: '次の順に確認します:',
    place: { server: 'サーバー', network: '外部から', client: '接続元のコンピューター' },
    runIt: 'すべてを確認するには:',
    lookedAt: (target, then) => `${target} を確認しました${then === undefined ? '' : ` (${then} 時点の状態)`}:`,
    causeFound: '原因が見つかりました',
    otherFound: '問題が見つかりましたが、クライアントには別のコードが表示されます',
    noCause: '原因は見つかりませんでした。確認した項目はすべて期待される状態です。',
    noCauseThere: '原因は見つかりませんでした。確認した項目は期待される状態か、示された理由により対象外です。',
    undecided: '原因は見つかりませんでしたが、判定できなかった項目があります。',
    next: '次に確認する項目:',
    notAsked: {
      server: 'サーバーを指定してください: ssh://user@host',
      network: 'クライアントの接続先を指定してください: --probe vpn.example.com',
      client: '接続元のコンピューターを指定してください: ssh://user@laptop --client --probe vpn.example.com',
    },
    couldNotBeTold: '判定できなかった項目:',
  },
};
