import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRules } from '../../events/rule-file.ts';
import { loadAssembly } from '../../local/index.ts';
import { type Finding, failed, look, notChecked, type Seen } from '../../operate/doctor/finding.ts';
import { examine } from '../../operate/doctor/index.ts';
import { readAddress } from '../outputs/local-address.ts';
import { print, printJson } from '../print.ts';
import { type Target, withTarget } from '../target.ts';
import { type SynthesisOptions, synthesize } from '../up/synthesis.ts';
import { draw } from './draw.ts';
import { gitSeen, nodeSeen } from './machine.ts';

export interface DoctorOptions extends Target {
  readonly ping?: boolean;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RULES = fileURLToPath(new URL('../../events/rules', import.meta.url));

/** Looks at everything and shows it as it is found; a failure is the command's. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const local = options.stack === undefined;
  const findings: Finding[] = [];
  const show = (finding: Finding): void => {
    findings.push(finding);
    if (!options.json) print(draw(finding));
  };
  for (const finding of [look('node', () => nodeSeen()), look('git', () => gitSeen(local))])
    show(await finding);
  await withTarget(options, async (connection) => {
    const folder = local ? (await readAddress(options.data)).rulesFolder : undefined;
    const own = folder !== undefined && folder !== RULES;
    const from = own ? { rules: folder, output: join(resolve(options.data), 'cdk.out') } : {};
    const template = () => templateOf(connection.outputs.stackName, from);
    const rules = () => readRules(folder ?? RULES);
    const looks = examine(connection, { local, ping: options.ping === true, template, rules });
    for (const look of looks) (await look).forEach(show);
  }).catch((error: unknown) => {
    show({ name: 'stack', ...unconnected(error, local) });
    show({ name: 'everything else', ...notChecked('it needs the stack') });
  });
  if (options.json) printJson(findings);
  if (findings.some(({ result }) => result === 'failed')) process.exitCode = 1;
}

function unconnected(error: unknown, local: boolean): Seen {
  const message = error instanceof Error ? error.message : String(error);
  return failed(
    message,
    local
      ? 'run "hookline up", or name a deployed stack with --stack'
      : 'see that the credentials in the environment are valid, the Region is right and the stack is deployed',
  );
}

/** The template that the sources here make of a stack. */
async function templateOf(stackName: string, from: SynthesisOptions): Promise<string | undefined> {
  const { directory } = await synthesize(ROOT, from);
  return loadAssembly(directory).stacks.find(({ name }) => name === stackName)?.source;
}
