/** `npm run new:check area/noun`: a check, its test and its line in the list, to be filled in. */
import { spawnSync } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const [id = ''] = process.argv.slice(2);
const [area = '', noun = ''] = id.split('/');

const stop = (message: string, hint: string): never => {
  process.stderr.write(`new:check: ${message}\nnew:check: hint: ${hint}\n`);
  process.exit(2);
};

const camel = (words: string): string => words.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const CHECK = `import { defineCheck, fail, pass } from '../../engine/define.ts';
import { sstpParameters } from '../facts/sstp-parameters.ts';

// The id equals the path. The title states the healthy world; a message states this server, with the value in it.
// \`judge\` gets the value of each fact in \`needs\` and each expectation in \`expects\`, typed. It has no clock and no
// defaults: what is expected stands in the profile. Remove this comment.
export default defineCheck({
  id: '${id}',
  title: 'The listener port is the expected one',
  severity: 'high',
  situations: [],
  clientErrors: [],
  why: 'Why it matters to an administrator, in two sentences.',
  fix: ['What to do, step by step.'],
  references: ['https://learn.microsoft.com/windows-server/remote/remote-access/'],
  needs: { sstp: sstpParameters },
  expects: { port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'TCP port that clients dial' } },
  judge({ sstp }, { port }) {
    const values = { expected: String(port), actual: String(sstp.port) };
    return [sstp.port === port ? pass(\`port \${sstp.port}\`, values) : fail(\`port \${sstp.port} in place of \${port}\`, values)];
  },
});
`;

const TEST = `import test from 'ava';
import check from '../../../checks/${id}.ts';
import { setValue } from '../../server/state.ts';
import { SSTP_PARAMETERS } from '../../server/healthy.ts';
import { judging } from '../judging.ts';

test('a healthy server passes', judging, check, { expected: { port: 443 }, status: 'pass' });
test('another port fails and is named', judging, check, {
  given: (server) => setValue(server, SSTP_PARAMETERS, 'ListenerPort', ['REG_DWORD', 4443]),
  expected: { port: 443 },
  status: 'fail',
  says: /4443/,
});
`;

if (!/^[a-z]+(-[a-z]+)*\/[a-z]+(-[a-z0-9]+)*$/.test(id))
  stop(`"${id}" is not area/noun`, 'npm run new:check certificate/binding');
if (area === 'facts')
  stop('checks/facts/ holds facts, and no checks', 'write the fact by hand, as checks/facts/sstp-parameters.ts is');
const file = path.join(root, 'checks', `${id}.ts`);
if (
  await access(file).then(
    () => true,
    () => false,
  )
)
  stop(`checks/${id}.ts exists already`, 'choose another noun');

const testFile = path.join(root, 'test/checks', `${id}.test.ts`);
await mkdir(path.dirname(file), { recursive: true });
await mkdir(path.dirname(testFile), { recursive: true });
await writeFile(file, CHECK);
await writeFile(testFile, TEST);
const index = path.join(root, 'checks/index.ts');
const list = await readFile(index, 'utf8');
const name = camel(`${area}-${noun}`);
await writeFile(
  index,
  list.replace(/\n\n\/\*\*/, `\nimport ${name} from './${id}.ts';\n\n/**`).replace(/\n\];/, `\n  ${name},\n];`),
);
// Where the new import stands, and where a line is broken, depends on the names.
const biome = path.join(root, 'node_modules/.bin/biome');
spawnSync(biome, ['check', '--write', file, testFile, index], { cwd: root, shell: process.platform === 'win32' });
process.stdout.write(`checks/${id}.ts and test/checks/${id}.test.ts written, and listed in checks/index.ts
next: its facts, its Japanese in checks/${area}/ja.ts, its line in a profile, npm run generate, npm test\n`);
