import { checks } from '../../checks/index.ts';
import { everyQuestion } from './questions.ts';

/** DEFLATE looks back no further; the end of a dictionary is the nearest. */
const LARGEST = 32_768;

/** Words that are frequent in what is stored: questions, whose registry paths come back in answers, and results as they begin. */
export const dictionary = async (): Promise<Uint8Array> => {
  const results = checks.map(
    ({ id, severity }) => `{"check":"${id}","severity":"${severity}","status":"pass","findings":[`,
  );
  const common = '"verdict":"pass","subject":"","message":"","expected":"","actual":"","evidence":["001","002"]},';
  const questions = (await everyQuestion()).map(
    ({ command }) => `{"id":"001","command":${JSON.stringify(command)},"exitCode":0,"stdout":"`,
  );
  const keys =
    '\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\    REG_DWORD    0x    REG_SZ    REG_BINARY    ';
  return Buffer.from([...results, common, ...questions, keys].join('\n')).subarray(-LARGEST);
};
