import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployedRules } from '../../events/rule.ts';
import { readRules } from '../../events/rule-file.ts';
import { loadAssembly } from '../../local/index.ts';
import {
  type CheckResult,
  type Finding,
  failed,
  findingOf,
  notChecked,
} from '../../operate/doctor/finding.ts';
import { checkDeployment } from '../../operate/doctor/index.ts';
import { readAddress } from '../outputs/local-address.ts';
import { print, printJson } from '../print.ts';
import { type Target, withTarget } from '../target.ts';
import { type SynthesisOptions, synthesize } from '../up/synthesis.ts';
import { draw } from './draw.ts';
import { checkGit, checkNode } from './machine.ts';

export interface DoctorOptions extends Target {
  readonly ping?: boolean;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RULES = fileURLToPath(new URL('../../events/rules', import.meta.url));

/** Checks everything and shows each finding as soon as it is there. The command fails when a check does. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const local = options.stack === undefined;
  const findings: Finding[] = [];
  const show = (finding: Finding): void => {
    findings.push(finding);
    if (!options.json) print(draw(finding));
  };
  for (const finding of [findingOf('node', () => checkNode()), findingOf('git', () => checkGit(local))])
    show(await finding);
  await withTarget(options, async (connection) => {
    const folder = local ? (await readAddress(options.data)).rulesFolder : undefined;
    const isOwnFolder = folder !== undefined && folder !== RULES;
    const own = isOwnFolder ? { rules: folder, output: join(resolve(options.data), 'cdk.out') } : {};
    const from = { ...own, deployed: !local };
    let made: Promise<string | undefined> | undefined;
    const template = () => {
      made ??= templateOf(connection.outputs.stackName, from);
      return made;
    };
    const rules = () => (local ? readRules(folder ?? RULES) : deployedRules(readRules(RULES)));
    const checks = checkDeployment(connection, { local, ping: options.ping === true, template, rules });
    for (const findings of checks) (await findings).forEach(show);
  }).catch((error: unknown) => {
    show({ name: 'stack', ...connectionFinding(error, local) });
    show({ name: 'everything else', ...notChecked('it needs the stack') });
  });
  if (options.json) printJson(findings);
  if (findings.some(({ result }) => result === 'failed')) process.exitCode = 1;
}

function connectionFinding(error: unknown, local: boolean): CheckResult {
  const message = error instanceof Error ? error.message : String(error);
  return failed(
    message,
    local
      ? 'run "hookline up", or name a deployed stack with --stack'
      : 'see that the credentials in the environment are valid, the Region is right and the stack is deployed',
  );
}

/** The template of a stack, made of the sources here. */
async function templateOf(stackName: string, from: SynthesisOptions): Promise<string | undefined> {
  const { directory } = await synthesize(ROOT, from);
  return loadAssembly(directory).stacks.find(({ name }) => name === stackName)?.source;
}
