import { Command } from 'commander';
import { examples } from '../options.ts';
import { targeted } from '../target.ts';
import type { DoctorOptions } from './run.ts';

export function doctorCommand(): Command {
  return examples(targeted(new Command('doctor')), 'doctor', 'doctor --stack Hookline --ping')
    .description('check every part of a deployment, and name the next step; exits with 1 when a check fails')
    .option('--ping', 'send a signed ping through the door as well, which is a delivery')
    .action(async (options: DoctorOptions) => (await import('./run.ts')).doctor(options));
}
